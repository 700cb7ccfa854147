using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sage.Crypto;
using Sage.Session;

namespace Sage.AspNetCore.Tests;

/// <summary>What the HTTP transport sends, and what it makes of hostile answers.</summary>
[TestFixture]
internal sealed class HttpSessionTransportTests
{
    private static readonly EndpointPolicy Local = new() { AllowLoopback = true, AllowHttp = true };

    private static readonly WireMessage Message = WireMessage.Create(
        "id-1", "did:sage:ethereum:0x1", "payload"u8.ToArray(), "signature"u8.ToArray(), "ctx-1", "hpke/complete@v1", "user",
        new Dictionary<string, string> { ["cookie"] = "abc", ["odd"] = "two words" });

    [TestCase("", "/messages")]
    [TestCase("/", "/messages")]
    [TestCase("/agents/7", "/agents/7/messages")]
    [TestCase("/agents/7/", "/agents/7/messages")]
    [TestCase("/a%20b/%2F", "/a%20b/%2F/messages")]
    public async Task It_posts_below_the_path_of_the_base_url(string path, string expected)
    {
        string? target = null;
        string? method = null;
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            method = context.Request.Method;
            await WriteAsync(context, Success);
        });
        await SendAsync(new Uri(host.Url.GetLeftPart(UriPartial.Authority) + path));
        Assert.That((method, target), Is.EqualTo(("POST", expected)));
    }

    [Test]
    public async Task It_repeats_the_envelope_in_headers()
    {
        Dictionary<string, string> headers = [];
        byte[] body = [];
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            using MemoryStream copy = new();
            await context.Request.Body.CopyToAsync(copy);
            body = copy.ToArray();
            await WriteAsync(context, Success);
        });
        await SendAsync(host.Url);
        Assert.That(headers["X-SAGE-DID"], Is.EqualTo("did:sage:ethereum:0x1"));
        Assert.That(headers["X-SAGE-Message-ID"], Is.EqualTo("id-1"));
        Assert.That(headers["X-SAGE-Context-ID"], Is.EqualTo("ctx-1"));
        Assert.That(headers["X-SAGE-Task-ID"], Is.EqualTo("hpke/complete@v1"));
        Assert.That(headers["X-SAGE-Meta-cookie"], Is.EqualTo("abc"));
        Assert.That(headers.Keys, Does.Not.Contain("X-SAGE-Meta-odd"), "what a header would bend is left out");
        Assert.That(headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(headers.Keys, Does.Not.Contain("Accept-Encoding"));
        Assert.That(body, Is.EqualTo(Message.ToJson()));
    }

    [Test]
    public async Task It_keeps_no_cookies_of_the_server()
    {
        ConcurrentQueue<string> cookies = new();
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            cookies.Enqueue(context.Request.Headers.Cookie.ToString());
            context.Response.Headers.SetCookie = "track=1; path=/";
            await WriteAsync(context, Success);
        });
        using HttpSessionTransport transport = new(Local);
        await transport.SendAsync(host.Url, Message);
        await transport.SendAsync(host.Url, Message);
        Assert.That(cookies, Is.EqualTo(new[] { "", "" }));
    }

    [Test]
    public async Task It_uses_no_proxy()
    {
        await using TestHost host = await TestHost.StartAsync(context => WriteAsync(context, Success));
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:1", BypassOnLocal: false);
        try
        {
            Assert.That((await SendAsync(host.Url)).Success, Is.True);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [TestCase(201)]
    [TestCase(202)]
    [TestCase(204)]
    [TestCase(206)]
    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(413)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Any_other_status_than_200_is_refused_and_not_followed(int status)
    {
        ConcurrentQueue<string> paths = new();
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            paths.Enqueue(context.Request.Path);
            if (context.Request.Path != "/messages")
            {
                await WriteAsync(context, Success);
                return;
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            if (status != 204)
            {
                await WriteAsync(context, Success);
            }
        });
        Assert.That(await ErrorAsync(host.Url), Is.EqualTo(SessionError.InvalidResponse));
        Assert.That(paths, Is.EqualTo(new[] { "/messages" }));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("garbage")]
    [TestCase("\ufeff{\"success\":true}")]
    [TestCase("{\"success\":\"true\"}")]
    [TestCase("{\"success\":1}")]
    [TestCase("{\"success\":null}")]
    [TestCase("{\"success\":true,\"success\":true}")]
    [TestCase("{\"success\":true,\"data\":\"AAAA\",\"data\":\"AAAA\"}")]
    [TestCase("{\"success\":true,\"data\":\"!!\"}")]
    [TestCase("{\"success\":true,\"data\":\"AAA\"}")]
    [TestCase("{\"success\":true,\"data\":{}}")]
    [TestCase("{\"success\":true,\"message_id\":\"another\"}")]
    [TestCase("{\"success\":true,\"message_id\":1}")]
    [TestCase("{\"success\":true}{}")]
    public async Task An_answer_that_is_not_one_is_refused(string body)
    {
        await using TestHost host = await TestHost.StartAsync(context => WriteAsync(context, body));
        Assert.That(await ErrorAsync(host.Url), Is.EqualTo(SessionError.InvalidResponse));
    }

    [TestCase("{\"success\":true,\"data\":\"AAAA\"}")]
    [TestCase("{\"success\":true,\"message_id\":\"\",\"data\":\"AAAA\"}")]
    [TestCase("{\"success\":true,\"message_id\":\"id-1\",\"data\":\"AAAA\",\"extra\":{\"a\":[1]}}\n")]
    [TestCase("{\"success\":true,\"error\":\"\",\"task_id\":\"x\",\"data\":\"AAAA\"}")]
    public async Task An_answer_that_leaves_out_or_adds_what_it_may_is_read(string body)
    {
        await using TestHost host = await TestHost.StartAsync(context => WriteAsync(context, body));
        WireResponse answer = await SendAsync(host.Url);
        Assert.That((answer.Success, answer.Data.Length), Is.EqualTo((true, 3)));
    }

    [Test]
    public async Task An_answer_of_4_MiB_is_read_and_a_larger_one_is_not()
    {
        await using TestHost host = await TestHost.StartAsync(context =>
            WriteAsync(context, Success.PadRight(context.Request.Path == "/large/messages" ? HttpSessionTransport.MaxResponseSize + 1 : HttpSessionTransport.MaxResponseSize)));
        Assert.That((await SendAsync(host.Url)).Success, Is.True);
        Assert.That(await ErrorAsync(new Uri(host.Url, "/large")), Is.EqualTo(SessionError.InvalidResponse));
    }

    [Test]
    public async Task An_endless_answer_is_cut_off()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        Task<long> serving = Task.Run(async () =>
        {
            using Socket socket = await server.AcceptSocketAsync();
            await socket.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray());
            byte[] chunk = Encoding.ASCII.GetBytes(new string(' ', 65_536));
            long written = 0;
            try
            {
                while (true)
                {
                    written += await socket.SendAsync(chunk);
                }
            }
            catch (SocketException)
            {
                return written;
            }
        });
        Assert.That(await ErrorAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}")), Is.EqualTo(SessionError.InvalidResponse));
        Assert.That(await serving, Is.LessThan(32 * 1024 * 1024), "the limit, and what the sockets buffer on top of it");
    }

    [Test]
    public async Task A_compressed_answer_is_not_decompressed()
    {
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            using MemoryStream zipped = new();
            using (GZipStream zip = new(zipped, CompressionLevel.Optimal, leaveOpen: true))
            {
                zip.Write(Encoding.ASCII.GetBytes(Success));
            }

            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(zipped.ToArray());
        });
        Assert.That(await ErrorAsync(host.Url), Is.EqualTo(SessionError.InvalidResponse));
    }

    [Test]
    public async Task An_answer_that_breaks_off_is_a_network_failure()
    {
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            context.Response.ContentLength = 100_000;
            await context.Response.WriteAsync(Success);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        Assert.That(await ErrorAsync(host.Url), Is.EqualTo(SessionError.Unreachable));
    }

    [Test]
    public async Task A_closed_connection_is_a_network_failure()
    {
        await using TestHost host = await TestHost.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        Assert.That(await ErrorAsync(host.Url), Is.EqualTo(SessionError.Unreachable));
    }

    [Test]
    public async Task A_port_nobody_listens_on_is_a_network_failure()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.That(await ErrorAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}")), Is.EqualTo(SessionError.Unreachable));
    }

    [Test]
    public async Task A_slow_answer_ends_with_the_token()
    {
        using CancellationTokenSource cancel = new();
        await using TestHost host = await TestHost.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using HttpSessionTransport transport = new(Local);
        Assert.CatchAsync<OperationCanceledException>(async () => await transport.SendAsync(host.Url, Message, cancel.Token));
    }

    [Test]
    public async Task Endpoints_the_policy_forbids_are_not_called()
    {
        int calls = 0;
        await using TestHost host = await TestHost.StartAsync(context =>
        {
            calls++;
            return WriteAsync(context, Success);
        });
        (Uri Url, EndpointPolicy Policy)[] cases =
        [
            (host.Url, EndpointPolicy.Public),
            (host.Url, new EndpointPolicy { AllowHttp = true }),
            (host.Url, new EndpointPolicy { AllowLoopback = true }),
            (new Uri($"http://localhost:{host.Url.Port}"), new EndpointPolicy { AllowHttp = true }),
            (new Uri($"https://localhost:{host.Url.Port}"), EndpointPolicy.Public),
            (new Uri($"http://0.0.0.0:{host.Url.Port}"), Local),
            (new Uri($"http://10.0.0.1:{host.Url.Port}"), Local),
            (new Uri($"http://user@127.0.0.1:{host.Url.Port}"), Local),
            (new Uri(host.Url, "/?query"), Local),
        ];
        foreach ((Uri url, EndpointPolicy policy) in cases)
        {
            Assert.That(await ErrorAsync(url, policy), Is.EqualTo(SessionError.EndpointRefused), url.ToString());
        }

        Assert.That(calls, Is.Zero);
        Assert.That((await SendAsync(new Uri($"http://localhost:{host.Url.Port}"))).Success, Is.True, "a name is resolved and its address checked");
    }

    private const string Success = "{\"success\":true,\"message_id\":\"id-1\",\"data\":\"AAAA\"}";

    private static Task WriteAsync(HttpContext context, string body) => context.Response.WriteAsync(body);

    private static async Task<WireResponse> SendAsync(Uri url)
    {
        using HttpSessionTransport transport = new(Local);
        return await transport.SendAsync(url, Message);
    }

    private static async Task<SessionError?> ErrorAsync(Uri url, EndpointPolicy? policy = null)
    {
        using HttpSessionTransport transport = new(policy ?? Local);
        try
        {
            await transport.SendAsync(url, Message);
            return null;
        }
        catch (SessionException exception)
        {
            return exception.Error;
        }
    }
}
