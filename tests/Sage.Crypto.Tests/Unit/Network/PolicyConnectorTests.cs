using System.Net;
using System.Net.Sockets;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.Unit.Network;

public sealed class PolicyConnectorTests
{
    private static readonly byte[] Answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray();

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("[::1]")]
    [TestCase("10.0.0.1")]
    [TestCase("169.254.169.254")]
    public void A_host_without_a_public_address_is_not_dialled(string host)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using HttpMessageInvoker client = Client(EndpointPolicy.Public);
        Exception? failure = Failure(client, new Uri($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        Assert.That(failure, Is.InstanceOf<EndpointRefusedException>());
        Assert.That(listener.Pending(), Is.False);
    }

    [Test]
    public async Task A_loopback_address_is_dialled_when_the_policy_says_so()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task served = ServeAsync(listener);
        using HttpMessageInvoker client = Client(new EndpointPolicy { AllowLoopback = true });
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        await served;

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public void Nobody_listening_is_not_a_refusal()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using HttpMessageInvoker client = Client(new EndpointPolicy { AllowLoopback = true });
        Exception? failure = Failure(client, new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}/"));

        Assert.That(failure, Is.InstanceOf<SocketException>());
    }

    private static HttpMessageInvoker Client(EndpointPolicy policy) =>
        new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = new PolicyConnector(policy).ConnectAsync }, disposeHandler: true);

    private static Exception? Failure(HttpMessageInvoker client, Uri url)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        HttpRequestException? failure = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, CancellationToken.None));
        return failure?.InnerException;
    }

    private static async Task ServeAsync(TcpListener listener)
    {
        using Socket socket = await listener.AcceptSocketAsync();
        await socket.ReceiveAsync(new byte[4096]);
        await socket.SendAsync(Answer);
    }
}
