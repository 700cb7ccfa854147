using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sage.Did.Ethereum.Tests;

/// <summary>Something on a loopback port that takes HTTP requests and answers with whatever bytes a test wants.</summary>
internal sealed class HostileNode : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly Func<HostileRequest, byte[]?> answer;
    private readonly Task loop;

    /// <summary>Answers raw bytes; null keeps the connection open and says nothing.</summary>
    public HostileNode(Func<HostileRequest, byte[]?> answer)
    {
        this.answer = answer;
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        loop = Task.Run(AcceptAsync);
    }

    public Uri Url { get; }

    public IReadOnlyCollection<string> Requests => requests;

    public static byte[] Http(string body, int status = 200, string headers = "Content-Type: application/json\r\n") => Http(Encoding.UTF8.GetBytes(body), status, headers);

    public static byte[] Http(byte[] body, int status = 200, string headers = "Content-Type: application/json\r\n") =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    public static byte[] Result(HostileRequest request, string result) => Http($$"""{"jsonrpc":"2.0","id":{{request.Id}},"result":{{result}}}""");

    public static byte[] Error(HostileRequest request, string error, int status = 200) => Http($$"""{"jsonrpc":"2.0","id":{{request.Id}},"error":""" + error + "}", status);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        listener.Stop();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string body = await ReadBodyAsync(stream);
                requests.Enqueue(body);
                if (answer(new HostileRequest(body, requests.Count)) is { } bytes)
                {
                    await stream.WriteAsync(bytes, stop.Token);
                }
                else
                {
                    await stream.ReadExactlyAsync(new byte[1], stop.Token);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The client left, or the test is over.
                return;
            }
        }
    }

    private async Task<string> ReadBodyAsync(NetworkStream stream)
    {
        List<byte> received = [];
        byte[] one = new byte[1];
        while (!(received.Count >= 4 && received[^4..] is [13, 10, 13, 10]))
        {
            await stream.ReadExactlyAsync(one, stop.Token);
            received.Add(one[0]);
        }

        string head = Encoding.ASCII.GetString([.. received]);
        string length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[15..];
        byte[] body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stop.Token);
        return Encoding.UTF8.GetString(body);
    }
}
