using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sage.Crypto;
using Sage.HttpSignatures;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests.KeyDirectories;

/// <summary>What a client asks for, and what it makes of answers, good and hostile.</summary>
[TestFixture]
internal sealed class KeyDirectoryFetchTests
{
    private const string Json = "application/json";

    private static readonly PublicKey Key = NewKey();

    [Test]
    public async Task A_key_is_found_at_the_well_known_path_of_its_origin()
    {
        (string Path, string Accept, int Others) seen = default;
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
        {
            IHeaderDictionary headers = context.Request.Headers;
            seen = (context.Request.Path + context.Request.QueryString, headers.Accept.ToString(), headers.Cookie.Count + headers.Authorization.Count + headers.IfNoneMatch.Count);
            return DirectoryServer.Keys(null, NewKey(), Key)(context);
        });
        using KeyDirectoryClient client = Client();
        KeyDirectoryLookup found = await client.FindKeyAsync(server.Agent(), Key.Thumbprint);

        Assert.That(found.Status, Is.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(found.Key!.PublicKey, Is.EqualTo(Key));
        Assert.That(seen, Is.EqualTo(("/.well-known/http-message-signatures-directory", KeyDirectory.MediaType, 0)));
    }

    [Test]
    public async Task A_key_of_one_agent_is_not_a_key_of_another()
    {
        await using DirectoryServer one = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        await using DirectoryServer other = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, NewKey()));
        using KeyDirectoryClient client = Client();

        Assert.That(await StatusAsync(client, one.Agent()), Is.EqualTo(KeyDirectoryStatus.Found));
        Assert.That(await StatusAsync(client, other.Agent()), Is.EqualTo(KeyDirectoryStatus.KeyNotFound));
    }

    [TestCase("")]
    [TestCase("key-1")]
    [TestCase("poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0V")]
    [TestCase("poqkLGiymh_W0uP6PZFw+dvez3QJT5SolqXBCW38r0U")]
    public async Task A_key_id_that_is_no_thumbprint_is_not_looked_for(string keyId)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        using KeyDirectoryClient client = Client();
        KeyDirectoryLookup lookup = await client.FindKeyAsync(server.Agent(), keyId);

        Assert.That((lookup.Status, lookup.Key, server.Requests), Is.EqualTo((KeyDirectoryStatus.KeyNotFound, (DirectoryKey?)null, 0)));
    }

    [TestCase(201, KeyDirectoryStatus.Invalid)]
    [TestCase(203, KeyDirectoryStatus.Invalid)]
    [TestCase(206, KeyDirectoryStatus.Invalid)]
    [TestCase(304, KeyDirectoryStatus.Invalid)]
    [TestCase(401, KeyDirectoryStatus.Invalid)]
    [TestCase(404, KeyDirectoryStatus.Invalid)]
    [TestCase(410, KeyDirectoryStatus.Invalid)]
    [TestCase(429, KeyDirectoryStatus.Unreachable)]
    [TestCase(500, KeyDirectoryStatus.Unreachable)]
    [TestCase(503, KeyDirectoryStatus.Unreachable)]
    public async Task Only_status_200_is_an_answer(int status, KeyDirectoryStatus expected) => Assert.That(
        await StatusAsync(context =>
        {
            context.Response.StatusCode = status;
            return status == 304 ? Task.CompletedTask : DirectoryServer.Keys(null, Key)(context);
        }),
        Is.EqualTo(expected));

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using DirectoryServer target = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        KeyDirectoryStatus seen = await StatusAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = target.Agent().Identifier;
            return Task.CompletedTask;
        });

        Assert.That((seen, target.Requests), Is.EqualTo((KeyDirectoryStatus.Invalid, 0)));
    }

    [TestCase("directory", KeyDirectory.MediaType, true)]
    [TestCase("directory", "Application/HTTP-Message-Signatures-Directory+JSON; charset=utf-8", true)]
    [TestCase("directory", Json, false)]
    [TestCase("directory", "application/jwk-set+json", false)]
    [TestCase("directory", "text/html", false)]
    [TestCase("directory", null, false)]
    [TestCase("jwks_uri", KeyDirectory.MediaType, true)]
    [TestCase("jwks_uri", "application/jwk-set+json", true)]
    [TestCase("jwks_uri", Json, true)]
    [TestCase("jwks_uri", "text/html", false)]
    [TestCase("jwks_uri", "text/plain", false)]
    public async Task The_media_type_must_be_the_documents(string type, string? mediaType, bool accepted)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(context => DirectoryServer.WriteAsync(context, Document(), mediaType!));
        using KeyDirectoryClient client = Client();
        SignatureAgent agent = type == "directory" ? server.Agent() : server.Agent("/keys", type);

        Assert.That(await StatusAsync(client, agent), Is.EqualTo(accepted ? KeyDirectoryStatus.Found : KeyDirectoryStatus.Invalid));
    }

    [TestCase("")]
    [TestCase("<!DOCTYPE html><p>Hello")]
    [TestCase("{\"keys\":[],\"keys\":[]}")]
    [TestCase("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\",\"d\":\"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU\"}]}")]
    public async Task Another_document_is_invalid(string body) => Assert.That(
        await StatusAsync(context => DirectoryServer.WriteAsync(context, Encoding.UTF8.GetBytes(body), KeyDirectory.MediaType)), Is.EqualTo(KeyDirectoryStatus.Invalid));

    [TestCase(0, true, KeyDirectoryStatus.Found)]
    [TestCase(0, false, KeyDirectoryStatus.Found)]
    [TestCase(1, true, KeyDirectoryStatus.Invalid)]
    [TestCase(1, false, KeyDirectoryStatus.Invalid)]
    [TestCase(10_000_000, false, KeyDirectoryStatus.Invalid)]
    public async Task No_more_than_64_KiB_are_read(int over, bool withLength, KeyDirectoryStatus expected)
    {
        byte[] body = [.. Document(), .. Enumerable.Repeat((byte)' ', KeyDirectory.MaxSize - Document().Length + over)];

        Assert.That(
            await StatusAsync(async context =>
            {
                context.Response.ContentLength = withLength ? body.Length : null;
                await DirectoryServer.WriteAsync(context, body, KeyDirectory.MediaType);
            }),
            Is.EqualTo(expected));
    }

    [TestCase(0, KeyDirectoryStatus.Found)]
    [TestCase(50_000_000, KeyDirectoryStatus.Invalid)]
    public async Task The_limit_counts_what_comes_out_of_a_compression(int over, KeyDirectoryStatus expected)
    {
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Document());
            zip.Write(Enumerable.Repeat((byte)' ', over).ToArray());
        }

        Assert.That(
            await StatusAsync(async context =>
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await DirectoryServer.WriteAsync(context, zipped.ToArray(), KeyDirectory.MediaType);
            }),
            Is.EqualTo(expected));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    [TestCase("unknown")]
    public async Task A_compression_that_is_none_is_invalid(string encoding) => Assert.That(
        await StatusAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await DirectoryServer.WriteAsync(context, Document(), KeyDirectory.MediaType);
        }),
        Is.EqualTo(KeyDirectoryStatus.Invalid));

    [Test]
    public async Task An_answer_that_breaks_off_is_unreachable() => Assert.That(
        await StatusAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await DirectoryServer.WriteAsync(context, Document(), KeyDirectory.MediaType);
            await context.Response.Body.FlushAsync();
            context.Abort();
        }),
        Is.EqualTo(KeyDirectoryStatus.Unreachable));

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_server_that_drips_or_says_nothing_is_given_up_in_time(bool drips)
    {
        long start = Stopwatch.GetTimestamp();
        KeyDirectoryStatus status = await StatusAsync(
            async context =>
            {
                using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
                context.Response.ContentType = KeyDirectory.MediaType;
                while (await timer.WaitForNextTickAsync(context.RequestAborted))
                {
                    if (drips)
                    {
                        await context.Response.Body.WriteAsync(" "u8.ToArray(), context.RequestAborted);
                        await context.Response.Body.FlushAsync(context.RequestAborted);
                    }
                }
            },
            new KeyDirectoryClientOptions { Endpoints = DirectoryServer.Local, Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.That(status, Is.EqualTo(KeyDirectoryStatus.Unreachable));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.InRange(TimeSpan.FromMilliseconds(290), TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Addresses_inside_the_network_are_refused_also_behind_a_name()
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(DirectoryServer.Keys(null, Key));
        string[] urls = [server.Url.GetLeftPart(UriPartial.Authority), $"http://localhost:{server.Url.Port}", "http://10.0.0.1", "http://169.254.169.254", "http://[::1]", "http://0x7f.1"];
        using KeyDirectoryClient client = new(new KeyDirectoryClientOptions { Endpoints = new EndpointPolicy { AllowHttp = true } });
        foreach (string url in urls)
        {
            Assert.That(await StatusAsync(client, server.Agent(url, "directory")), Is.EqualTo(KeyDirectoryStatus.Refused), url);
        }

        Assert.That(server.Requests, Is.Zero);
    }

    [TestCase("http://bot.example", "directory")]
    [TestCase("https://bot.example/keys?user=1", "jwks_uri")]
    public async Task A_url_that_is_not_https_or_has_a_query_is_refused(string url, string type)
    {
        using KeyDirectoryClient client = new();
        Assert.That(SignatureAgent.TryParse([$"a=\"{url}\";type={type}"], DirectoryServer.Local, out IReadOnlyList<SignatureAgent> agents));

        Assert.That(await StatusAsync(client, agents.Single()), Is.EqualTo(KeyDirectoryStatus.Refused));
    }

    [Test]
    public async Task A_client_metadata_document_may_hold_the_keys()
    {
        Assert.That(await MetadataAsync(url => $"{{\"client_id\":\"{url}\",\"jwks\":{Encoding.UTF8.GetString(Document())}}}"), Is.EqualTo((KeyDirectoryStatus.Found, 1)));
    }

    [Test]
    public async Task A_client_metadata_document_may_name_the_keys()
    {
        Assert.That(await MetadataAsync(url => $"{{\"client_id\":\"{url}\",\"jwks_uri\":\"{url}/keys\"}}"), Is.EqualTo((KeyDirectoryStatus.Found, 2)));
    }

    [TestCase("{\"client_id\":\"URL\"}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL/other\",\"jwks_uri\":\"URL/keys\"}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL?a\",\"jwks_uri\":\"URL/keys\"}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"jwks_uri\":\"URL/keys\"}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"URL/keys\",\"jwks\":{\"keys\":[]}}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":1}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks\":{\"keys\":1}}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"file:///etc/passwd\"}", 1, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"http://10.0.0.1/keys\"}", 1, KeyDirectoryStatus.Refused)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"URL/keys?a\"}", 1, KeyDirectoryStatus.Refused)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"URL\"}", 2, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"URL/redirect\"}", 2, KeyDirectoryStatus.Invalid)]
    [TestCase("{\"client_id\":\"URL\",\"jwks_uri\":\"URL/down\"}", 2, KeyDirectoryStatus.Unreachable)]
    public async Task Another_client_metadata_document_is_of_no_use(string document, int requests, KeyDirectoryStatus status) =>
        Assert.That(await MetadataAsync(url => document.Replace("URL", url, StringComparison.Ordinal)), Is.EqualTo((status, requests)));

    [Test]
    public async Task What_strangers_name_is_logged_for_debugging_only_and_key_ids_never()
    {
        using CapturingLoggerFactory logs = new();
        await using DirectoryServer server = await DirectoryServer.StartAsync(context =>
            context.Request.Path == "/none" ? DirectoryServer.Status(404)(context) : DirectoryServer.Keys(null, Key)(context));
        using KeyDirectoryClient client = new(new KeyDirectoryClientOptions { Endpoints = DirectoryServer.Local }, logger: logs.CreateLogger("directories"));
        await StatusAsync(client, server.Agent());
        await StatusAsync(client, server.Agent("/none", "jwks_uri"));

        Assert.That(logs.Entries.Select(entry => entry.Id.Id), Is.EqualTo(new[] { 4000, 4001, 4000 }));
        Assert.That(logs.Entries.Select(entry => entry.Level), Is.All.EqualTo(LogLevel.Debug));
        Assert.That(logs.All, Does.Contain("/none").And.Not.Contain(Key.Thumbprint));
    }

    private static async Task<(KeyDirectoryStatus Status, int Requests)> MetadataAsync(Func<string, string> document)
    {
        string url = "";
        await using DirectoryServer server = await DirectoryServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/card" => DirectoryServer.WriteAsync(context, Encoding.UTF8.GetBytes(document(url)), Json),
            "/card/keys" => DirectoryServer.WriteAsync(context, Document(), Json),
            "/card/redirect" => Redirect(context),
            _ => DirectoryServer.Status(500)(context),
        });
        SignatureAgent agent = server.Agent("/card", "cimd");
        url = agent.Identifier;
        using KeyDirectoryClient client = Client();
        KeyDirectoryStatus status = await StatusAsync(client, agent);
        return (status, server.Requests);
    }

    private static Task Redirect(HttpContext context)
    {
        context.Response.Redirect("/card/keys");
        return Task.CompletedTask;
    }

    private static async Task<KeyDirectoryStatus> StatusAsync(RequestDelegate answer, KeyDirectoryClientOptions? options = null)
    {
        await using DirectoryServer server = await DirectoryServer.StartAsync(answer);
        using KeyDirectoryClient client = options is null ? Client() : new KeyDirectoryClient(options);
        return await StatusAsync(client, server.Agent());
    }

    private static async Task<KeyDirectoryStatus> StatusAsync(KeyDirectoryClient client, SignatureAgent agent) => (await client.FindKeyAsync(agent, Key.Thumbprint)).Status;

    private static KeyDirectoryClient Client() => new(new KeyDirectoryClientOptions { Endpoints = DirectoryServer.Local });

    private static byte[] Document() => new KeyDirectory([new DirectoryKey(Key)]).ToJson();

    private static PublicKey NewKey()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        return key.PublicKey;
    }
}
