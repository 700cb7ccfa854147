using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests;

/// <summary>The endpoint over real HTTP: status codes, limits, and whole conversations.</summary>
[TestFixture]
internal sealed class SessionEndpointTests
{
    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Ed25519, KeyAlgorithm.Secp256k1];
    private static readonly HttpClient Http = new();

    [TestCaseSource(nameof(Algorithms))]
    public async Task Six_hundred_echoes_over_http(KeyAlgorithm algorithm)
    {
        await using TestService service = await TestService.StartAsync(algorithm);
        await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
        for (int i = 0; i < 600; i++)
        {
            SessionMessage reply = await session.RequestAsync(Encoding.UTF8.GetBytes($"message {i}"));
            Assert.That(Encoding.UTF8.GetString(reply.Content.Span), Is.EqualTo($"echo:message {i}"));
        }

        Assert.That(service.Listener.SessionCount, Is.EqualTo(1), "the first session ended with its thousandth message");
    }

    [Test]
    public async Task The_largest_message_fits_the_body_limit()
    {
        await using TestService service = await TestService.StartAsync(handler: (message, _) => ValueTask.FromResult(message.Content));
        await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
        SessionMessage reply = await session.RequestAsync(new byte[AgentSessionOptions.MaxMessageSize]);
        Assert.That(reply.Content.Length, Is.EqualTo(AgentSessionOptions.MaxMessageSize));
    }

    [Test]
    public async Task Sessions_work_in_parallel_and_with_cookies()
    {
        await using TestService service = await TestService.StartAsync(configure: options => options.RequireCookie = true);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
            for (int i = 0; i < 10; i++)
            {
                SessionMessage reply = await session.RequestAsync(Encoding.UTF8.GetBytes($"{number} {i}"));
                Assert.That(Encoding.UTF8.GetString(reply.Content.Span), Is.EqualTo($"echo:{number} {i}"));
            }
        }));
    }

    [TestCase("GET")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    [TestCase("PATCH")]
    [TestCase("OPTIONS")]
    [TestCase("TRACE")]
    public async Task Only_post_is_allowed(string method)
    {
        await using TestService service = await TestService.StartAsync();
        using HttpResponseMessage response = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), service.Messages));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("Method not allowed"));
        Assert.That(response.Content.Headers.Allow, Is.EqualTo(new[] { "POST" }));
    }

    [Test]
    public async Task A_body_that_says_it_is_too_large_is_refused_before_it_is_read()
    {
        await using TestService service = await TestService.StartAsync();
        string answer = await RawAsync(service, $"POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: {(1024 * 1024) + 1}\r\n\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 413 "));
        Assert.That(answer, Does.EndWith("request body too large"));
    }

    [Test]
    public async Task A_body_that_is_sent_in_chunks_is_cut_at_the_limit()
    {
        await using TestService service = await TestService.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, service.Messages) { Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]) };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("request body too large"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_of_exactly_the_limit_is_read(bool chunked)
    {
        await using TestService service = await TestService.StartAsync();
        using Initiation initiation = service.Initiation();
        byte[] body = new byte[1024 * 1024];
        Array.Fill(body, (byte)' ');
        initiation.ToBody().CopyTo(body, 0);
        using HttpRequestMessage request = new(HttpMethod.Post, service.Messages) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.That((await JsonAsync(response)).GetProperty("success").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_body_that_is_badly_chunked_is_the_callers_error()
    {
        await using TestService service = await TestService.StartAsync();
        string answer = await RawAsync(service, "POST /messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 400 "));
    }

    [Test]
    public async Task The_limit_can_be_set()
    {
        await using TestService service = await TestService.StartAsync(configure: options => options.MaxBodySize = 2048);
        using HttpResponseMessage response = await Http.PostAsync(service.Messages, new ByteArrayContent(new byte[2049]));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Every_refusal_is_a_json_answer_with_status_200()
    {
        await using TestService service = await TestService.StartAsync();
        using Initiation forged = service.Initiation();
        forged.Signature = _ => new byte[64];
        (byte[] Body, string Error)[] cases =
        [
            ([], "malformed message"),
            ("garbage"u8.ToArray(), "malformed message"),
            (forged.ToBody(), "authentication failed"),
        ];
        foreach ((byte[] body, string error) in cases)
        {
            using HttpResponseMessage response = await Http.PostAsync(service.Messages, new ByteArrayContent(body));
            Assert.That(response.Content.Headers.ContentType, Is.EqualTo(new MediaTypeHeaderValue("application/json")));
            JsonElement json = await JsonAsync(response);
            Assert.That((json.GetProperty("success").GetBoolean(), json.GetProperty("error").GetString()), Is.EqualTo((false, error)));
            Assert.That(json.TryGetProperty("data", out _), Is.False);
        }
    }

    [TestCase("X-SAGE-DID")]
    [TestCase("X-SAGE-Message-ID")]
    [TestCase("X-SAGE-Context-ID")]
    [TestCase("X-SAGE-Task-ID")]
    public async Task A_header_that_differs_or_occurs_twice_is_refused(string header)
    {
        await using TestService service = await TestService.StartAsync();
        using Initiation initiation = service.Initiation();
        string value = initiation.Envelope[header switch
        {
            "X-SAGE-DID" => "did",
            "X-SAGE-Message-ID" => "id",
            "X-SAGE-Context-ID" => "context_id",
            _ => "task_id",
        }]!.GetValue<string>();
        byte[] body = initiation.ToBody();
        string head = $"POST /messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n";
        string refusal = $"{header} header does not match the message body";
        Assert.That(await RawAsync(service, $"{head}{header}: x\r\n\r\n", body), Does.Contain(refusal));
        Assert.That(await RawAsync(service, $"{head}{header}: {value}\r\n{header}: {value}\r\n\r\n", body), Does.Contain(refusal));
        Assert.That(await RawAsync(service, $"{head}{header}: {value}\r\n{header.ToLowerInvariant()}: x\r\n\r\n", body), Does.Contain(refusal));
        Assert.That(await RawAsync(service, $"{head}{header.ToLowerInvariant()}: {value}\r\n\r\n", body), Does.Contain("\"success\":true"));
    }

    [Test]
    public async Task A_handler_that_throws_is_not_a_server_error()
    {
        await using TestService service = await TestService.StartAsync(handler: (_, _) => throw new InvalidOperationException("handler"));
        await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
        SessionException? error = Assert.ThrowsAsync<SessionException>(async () => await session.RequestAsync("x"u8.ToArray()));
        Assert.That(error!.Error, Is.EqualTo(SessionError.Refused));
    }

    [Test]
    public async Task A_caller_that_goes_away_disturbs_nobody()
    {
        TaskCompletionSource entered = new();
        TaskCompletionSource cancelled = new();
        await using TestService service = await TestService.StartAsync(handler: async (message, token) =>
        {
            if (message.Content.Span.SequenceEqual("wait"u8))
            {
                entered.SetResult();
                await using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, token);
            }

            return message.Content;
        });
        using (Socket socket = await ConnectAsync(service))
        {
            await socket.SendAsync("POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"id\""u8.ToArray());
        }

        using CancellationTokenSource cancel = new();
        AgentSession waiting = await service.Client.OpenAsync(service.Callee.Did);
        Task<SessionMessage> request = waiting.RequestAsync("wait"u8.ToArray(), cancel.Token).AsTask();
        await entered.Task;
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(async () => await request);
        await cancelled.Task;

        await using AgentSession session = await service.Client.OpenAsync(service.Callee.Did);
        Assert.That((await session.RequestAsync("x"u8.ToArray())).Content.Length, Is.EqualTo(1));
        await service.DisposeAsync();
        Assert.That(service.Logs.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text), Is.Empty);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(text, Does.EndWith("}\n"));
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task<Socket> ConnectAsync(TestService service)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Messages.Port);
        return socket;
    }

    /// <summary>Sends bytes as they are and reads until the status line, headers and body are there or the connection ends.</summary>
    private static async Task<string> RawAsync(TestService service, string head, byte[]? body = null)
    {
        using Socket socket = await ConnectAsync(service);
        await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body ?? []]);
        StringBuilder answer = new();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer)) > 0)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (answer.ToString().EndsWith("request body too large", StringComparison.Ordinal))
            {
                break;
            }
        }

        return answer.ToString();
    }
}
