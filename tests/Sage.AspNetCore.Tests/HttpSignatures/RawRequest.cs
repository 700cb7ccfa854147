using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures;

namespace Sage.AspNetCore.Tests.HttpSignatures;

/// <summary>A request of HTTP/1.1 as octets: what an honest client never sends can be sent with it.</summary>
internal sealed class RawRequest
{
    private readonly int port;

    public RawRequest(Uri server, string target = "/", string method = "GET", string? body = null, string contentType = "application/json")
    {
        port = server.Port;
        Method = method;
        Target = target;
        Fields.Add(("Host", server.Authority));
        if (body is not null)
        {
            Body = Encoding.UTF8.GetBytes(body);
            Fields.Add(("Content-Type", contentType));
            Fields.Add(("Content-Digest", ContentDigest.Compute(Body)));
        }
    }

    public string Method { get; set; }

    public string Target { get; set; }

    public string Scheme { get; set; } = "http";

    /// <summary>What the client believes the target to be, where it differs from what is sent.</summary>
    public string? SignedTarget { get; set; }

    /// <summary>What the client believes the host to be, where it differs from what is sent.</summary>
    public string? SignedHost { get; set; }

    public List<(string Name, string Value)> Fields { get; } = [];

    public byte[]? Body { get; set; }

    public bool Chunked { get; set; }

    public string this[string name]
    {
        get => Fields.Single(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        set
        {
            Fields.RemoveAll(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            Fields.Add((name, value));
        }
    }

    public async Task<RawRequest> SignAsync(HttpMessageSigner signer, SigningOverrides? overrides = null)
    {
        SignatureContext context = SignatureContext.ForRequest(
            Method,
            Scheme,
            SignedHost ?? this["Host"],
            SignedTarget ?? Target,
            name => new StringValues([.. Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)]),
            Body is { Length: > 0 } ? BodyPresence.Present : BodyPresence.None,
            (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>?>(Body));
        SignatureFields fields = await signer.SignAsync(context, overrides);
        Fields.Add(("Signature-Input", fields.SignatureInput));
        Fields.Add(("Signature", fields.Signature));
        return this;
    }

    public async Task<RawResponse> SendAsync()
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(ToBytes());
        using MemoryStream answer = new();
        await stream.CopyToAsync(answer);
        return new RawResponse(answer.ToArray());
    }

    private byte[] ToBytes()
    {
        StringBuilder head = new($"{Method} {Target} HTTP/1.1\r\nConnection: close\r\n");
        foreach ((string name, string value) in Fields)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (Body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"{(Chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Body.Length}")}\r\n");
        }

        head.Append("\r\n");
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Chunked ? Chunks(Body!) : Body ?? []];
    }

    private static byte[] Chunks(byte[] body)
    {
        List<byte> chunks = [];
        foreach (byte[] chunk in body.Chunk(7))
        {
            chunks.AddRange(Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            chunks.AddRange(chunk);
            chunks.AddRange("\r\n"u8);
        }

        chunks.AddRange("0\r\n\r\n"u8);
        return [.. chunks];
    }
}
