using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit.Handlers;

/// <summary>Clients from a container: the order of handlers, the key of the store, and what is said at start.</summary>
[TestFixture]
internal sealed class ClientRegistrationTests
{
    private readonly PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly MemoryKeyStore store = new();

    [OneTimeSetUp]
    public async Task FillStore()
    {
        await store.AddAsync("signing", key);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey owner = PrivateKey.Generate(KeyAlgorithm.Secp256k1);
        await store.AddAsync("agreement", agreement);
        await store.AddAsync("owner", owner);
    }

    [OneTimeTearDown]
    public void Forget()
    {
        key.Dispose();
        store.Dispose();
    }

    [Test]
    public async Task The_handler_is_innermost_although_a_retrying_one_is_added_afterwards()
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all => all.AddHttpClient("orders")
            .AddHttpMessageSigning()
            .ConfigurePrimaryHttpMessageHandler(() => network)
            .AddHttpMessageHandler(() => new RetryHandler(3)));
        await SendAsync(services, "orders");

        Assert.That(network.Sent, Has.Count.EqualTo(3));
        Assert.That(network.Sent.Select(sent => sent.Parameter("nonce")).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task The_verifying_handler_stands_around_the_signing_one_in_whatever_order_they_are_added([Values] bool verificationFirst)
    {
        using HandlerFixture agents = new();
        CapturingHandler network = new((request, count) => count == 1
            ? new HttpResponseMessage(HttpStatusCode.Unauthorized) { Headers = { { AcceptSignature.FieldName, "sig1=(\"x-task\")" } } }
            : agents.Answer(request));
        await using ServiceProvider services = Build(all =>
        {
            all.AddSingleton<TimeProvider>(agents.Time).AddSingleton<IKeyResolver>(agents.Keys);
            IHttpClientBuilder client = all.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => network);
            if (verificationFirst)
            {
                client.AddHttpMessageVerification(options => options.ExpectedSubject = HandlerFixture.Bob).AddHttpMessageSigning();
            }
            else
            {
                client.AddHttpMessageSigning().AddHttpMessageVerification(options => options.ExpectedSubject = HandlerFixture.Bob);
            }
        });
        using HttpResponseMessage response = await SendAsync(services, "orders");

        // The other way round the challenge, which nobody signed, would have been refused.
        Assert.That(response.GetVerifiedSignature()!.Subject, Is.EqualTo(HandlerFixture.Bob));
    }

    [Test]
    public async Task Each_client_has_its_own_options_and_others_do_not_sign()
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all =>
        {
            all.AddHttpClient("one").AddHttpMessageSigning(options => options.KeyFragment = "key-1").ConfigurePrimaryHttpMessageHandler(() => network);
            all.AddHttpClient("two").AddHttpMessageSigning(options =>
            {
                options.KeyId = "did:key:other";
                options.Policy = SignaturePolicy.Default with { Tag = "app" };
                options.Digest = DigestAlgorithm.Sha512;
            }).ConfigurePrimaryHttpMessageHandler(() => network);
            all.AddHttpClient("three").ConfigurePrimaryHttpMessageHandler(() => network);
        });
        foreach (string name in (string[])["one", "two", "three"])
        {
            (await SendAsync(services, name)).Dispose();
        }

        Assert.That(network.Sent.Select(sent => sent.Parameter("keyid")), Is.EqualTo(new[] { "did:example:alice#key-1", "did:key:other", null }));
        Assert.That(network.Sent[1].Parameter("tag"), Is.EqualTo("app"));
        Assert.That(network.Sent[1].Fields["Content-Digest"].Single(), Does.StartWith("sha-512="));
    }

    [Test]
    public async Task All_clients_sign_when_the_defaults_say_so()
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all =>
        {
            all.ConfigureHttpClientDefaults(client => client.AddHttpMessageSigning(options => options.KeyFragment = "key-1"));
            all.AddHttpClient("one").ConfigurePrimaryHttpMessageHandler(() => network).AddHttpMessageHandler(() => new RetryHandler(2));
        });
        (await SendAsync(services, "one")).Dispose();

        Assert.That(network.Sent.Select(sent => sent.Parameter("keyid")), Is.EqualTo(new[] { "did:example:alice#key-1", "did:example:alice#key-1" }));
        Assert.That(network.Sent[0].Parameter("nonce"), Is.Not.EqualTo(network.Sent[1].Parameter("nonce")));
    }

    [Test]
    public async Task A_policy_that_takes_keys_from_a_directory_signs_with_the_thumbprint_of_the_key()
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all => all.AddHttpClient("bot").ConfigurePrimaryHttpMessageHandler(() => network).AddHttpMessageSigning(options =>
        {
            options.Policy = SignaturePolicy.WebBotAuth;
            options.SignatureAgent = new Uri("https://bot.example.com");
        }));
        (await SendAsync(services, "bot")).Dispose();

        Assert.That(network.Sent.Single().Parameter("keyid"), Is.EqualTo(key.PublicKey.Thumbprint));
        Assert.That(network.Sent.Single().Fields["Signature-Agent"].Single(), Does.Contain("https://bot.example.com"));
    }

    [Test]
    public async Task The_primary_handler_of_the_application_stops_following_redirects([Values] bool sockets)
    {
        HttpMessageHandler primary = sockets ? new SocketsHttpHandler() : new HttpClientHandler();
        await using ServiceProvider services = Build(all => all.AddHttpClient("orders").AddHttpMessageSigning().ConfigurePrimaryHttpMessageHandler(() => primary));
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Assert.That(sockets ? ((SocketsHttpHandler)primary).AllowAutoRedirect : ((HttpClientHandler)primary).AllowAutoRedirect, Is.False);
    }

    [Test]
    public async Task Origins_that_asked_are_remembered_when_the_factory_makes_new_handlers()
    {
        CapturingHandler network = new((request, _) => request.Headers.Contains("Signature")
            ? new HttpResponseMessage()
            : new HttpResponseMessage(HttpStatusCode.Unauthorized) { Headers = { { AcceptSignature.FieldName, "sig1=()" } } });
        await using ServiceProvider services = Build(all => all.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => network)
            .AddHttpMessageSigning(options => options.Mode = HttpSigningMode.WhenAsked));
        SigningClients clients = services.GetRequiredService<SigningClients>();
        foreach (HttpSigningHandler handler in (HttpSigningHandler[])[clients.CreateHandler("orders"), clients.CreateHandler("orders")])
        {
            handler.InnerHandler = network;
            using HttpMessageInvoker client = new(handler, disposeHandler: false);
            using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
            (await client.SendAsync(request, default)).Dispose();
        }

        Assert.That(network.Sent.Select(sent => sent.SignatureInput is not null), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public async Task A_key_that_is_missing_fails_the_request_and_not_the_next_one_once_it_is_there()
    {
        using MemoryKeyStore later = new();
        CapturingHandler network = new();
        await using ServiceProvider services = BuildWith(
            later, all => all.AddHttpClient("orders").AddHttpMessageSigning().ConfigurePrimaryHttpMessageHandler(() => network));
        Assert.That(async () => await SendAsync(services, "orders"), Throws.TypeOf<KeyStoreException>());
        Assert.That(network.Sent, Is.Empty);

        using PrivateKey added = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await later.AddAsync("signing", added);
        (await SendAsync(services, "orders")).Dispose();
        Assert.That(network.Sent.Single().SignatureInput, Is.Not.Null);
    }

    [TestCase("agreement", "cannot sign")]
    [TestCase("owner", "does not accept")]
    public async Task A_key_that_cannot_sign_under_the_policy_fails_the_request_and_says_why(string name, string reason)
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all => all.AddHttpClient("orders")
            .AddHttpMessageSigning(options => options.KeyName = name).ConfigurePrimaryHttpMessageHandler(() => network));

        Assert.That(async () => await SendAsync(services, "orders"), Throws.ArgumentException.With.Message.Contains(reason));
        Assert.That(network.Sent, Is.Empty);
    }

    [Test]
    public async Task Adding_it_twice_signs_once()
    {
        CapturingHandler network = new();
        await using ServiceProvider services = Build(all => all.AddHttpClient("orders")
            .AddHttpMessageSigning().AddHttpMessageSigning(options => options.KeyFragment = "key-1").ConfigurePrimaryHttpMessageHandler(() => network));
        (await SendAsync(services, "orders")).Dispose();

        Assert.That(network.Sent.Single().Parameter("keyid"), Is.EqualTo("did:example:alice#key-1"));
    }

    [Test]
    public async Task A_primary_handler_that_has_sent_something_and_follows_redirects_is_refused()
    {
        using SocketsHttpHandler shared = new();
        using (HttpMessageInvoker other = new(shared, disposeHandler: false))
        using (HttpRequestMessage request = new(HttpMethod.Get, "http://127.0.0.1:9/"))
        {
            Assert.That(async () => await other.SendAsync(request, default), Throws.TypeOf<HttpRequestException>());
        }

        await using ServiceProvider services = Build(all => all.AddHttpClient("orders").AddHttpMessageSigning().ConfigurePrimaryHttpMessageHandler(() => shared));
        Assert.That(async () => await SendAsync(services, "orders"), Throws.InvalidOperationException.With.Message.Contains("AllowAutoRedirect"));
    }

    [Test]
    public async Task Keys_of_the_store_are_disposed_with_the_container()
    {
        ServiceProvider services = Build(all => all.AddSage().AddHttpMessageSigner());
        HttpMessageSigner signer = services.GetRequiredService<HttpMessageSigner>();
        using HttpRequestMessage before = new(HttpMethod.Get, "https://api.example.com/");
        await signer.SignRequestAsync(before);
        await services.DisposeAsync();

        using HttpRequestMessage after = new(HttpMethod.Get, "https://api.example.com/");
        Assert.That(async () => await signer.SignRequestAsync(after), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task The_signer_and_the_verifier_of_a_container_understand_each_other()
    {
        await using ServiceProvider services = Build(all =>
        {
            all.AddSingleton<IKeyResolver>(new TestKeys(TimeProvider.System).Add("did:example:alice", "did:example:alice", key.PublicKey));
            all.AddSage().AddHttpMessageSigner().AddHttpMessageVerifier().AddHttpMessageVerifier();
        });
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        await services.GetRequiredService<HttpMessageSigner>().SignRequestAsync(request);
        HttpMessageVerifier verifier = services.GetRequiredService<HttpMessageVerifier>();

        Assert.That((await verifier.VerifyAsync(SignatureContext.ForRequest(request))).Error, Is.EqualTo(SignatureError.None));
        Assert.That((await verifier.VerifyAsync(SignatureContext.ForRequest(request))).Error, Is.EqualTo(SignatureError.Replayed));
    }

    [Test]
    public void A_verifier_without_a_registry_says_what_to_call()
    {
        using ServiceProvider services = Build(all => all.AddSage().AddHttpMessageVerifier());
        Assert.That(services.GetRequiredService<HttpMessageVerifier>, Throws.InvalidOperationException.With.Message.Contains("AddFileRegistry("));
    }

    [Test]
    public void A_signer_without_a_did_says_which_setting_is_missing()
    {
        using ServiceProvider services = Build(all => all.AddSage().AddHttpMessageSigner(), did: null);
        Assert.That(services.GetRequiredService<HttpMessageSigner>, Throws.InvalidOperationException.With.Message.Contains("'Sage:Did'"));
    }

    [Test]
    public void The_start_fails_without_a_did() => AssertStartFails(store, _ => { }, did: null, "client 'orders'", "'Sage:Did'", "'KeyId'");

    [Test]
    public void The_start_fails_without_a_key_store() =>
        AssertStartFails(keys: null, _ => { }, "did:example:alice", "client 'orders'", "'Sage:KeyStore:Path'", "AddKeyStoreFile");

    [Test]
    public void The_start_fails_with_two_key_ids() => AssertStartFails(
        options =>
        {
            options.KeyId = "did:example:alice";
            options.KeyFragment = "key-1";
        },
        "'KeyId'",
        "'KeyFragment'");

    [Test]
    public void The_start_fails_with_a_fragment_that_has_a_number_sign() => AssertStartFails(options => options.KeyFragment = "#key-1", "'KeyFragment'", "without '#'");

    [Test]
    public void The_start_fails_with_a_key_id_that_cannot_be_sent() => AssertStartFails(options => options.KeyId = "did:example:grüße", "printable ASCII", "'KeyId'");

    [Test]
    public void The_start_fails_without_a_key_name() => AssertStartFails(options => options.KeyName = "", "'KeyName'", "'Signer'");

    [Test]
    public void The_start_fails_with_a_mode_that_is_none() => AssertStartFails(options => options.Mode = (HttpSigningMode)7, "'Mode'", "WhenAsked");

    [Test]
    public void The_start_fails_without_a_policy() => AssertStartFails(options => options.Policy = null!, "'Policy'");

    [Test]
    public void The_start_fails_when_a_directory_is_needed_and_not_named() => AssertStartFails(options => options.Policy = SignaturePolicy.WebBotAuth, "'SignatureAgent'");

    [Test]
    public void The_start_fails_when_nobody_is_required_to_sign_but_someone_expected()
    {
        using ServiceProvider services = Build(all => all.AddHttpClient("orders").AddHttpMessageVerification(options =>
        {
            options.ExpectedSubject = HandlerFixture.Bob;
            options.RequireSigned = false;
        }));
        Assert.That(
            services.GetRequiredService<IStartupValidator>().Validate,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("client 'orders'").And.Message.Contains("'RequireSigned'"));
    }

    [Test]
    public void A_signer_of_the_application_needs_no_key_store()
    {
        using ServiceProvider services = BuildWith(
            keys: null, all => all.AddHttpClient("orders").AddHttpMessageSigning(options => options.Signer = new KeySigner(key)));
        Assert.That(services.GetRequiredService<IStartupValidator>().Validate, Throws.Nothing);
    }

    private void AssertStartFails(Action<HttpMessageSigningOptions> configure, params string[] parts) =>
        AssertStartFails(store, configure, "did:example:alice", parts);

    private static void AssertStartFails(IKeyStore? keys, Action<HttpMessageSigningOptions> configure, string? did, params string[] parts)
    {
        using ServiceProvider services = BuildWith(keys, all => all.AddHttpClient("orders").AddHttpMessageSigning(configure), did);
        OptionsValidationException? error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        foreach (string part in parts)
        {
            Assert.That(error!.Message, Does.Contain(part));
        }
    }

    private ServiceProvider Build(Action<IServiceCollection> configure, string? did = "did:example:alice") => BuildWith(store, configure, did);

    private static ServiceProvider BuildWith(IKeyStore? keys, Action<IServiceCollection> configure, string? did = "did:example:alice")
    {
        ServiceCollection services = new();
        services.AddSage();
        services.Configure<SageOptions>(options => options.Did = did);
        if (keys is not null)
        {
            services.AddSingleton(keys);
        }

        configure(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static async Task<HttpResponseMessage> SendAsync(ServiceProvider services, string name)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        client.BaseAddress = new Uri("https://api.example.com/v1/");
        using HttpRequestMessage request = new(HttpMethod.Post, "orders?x=1")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            Headers = { { "X-Task", "7" } },
        };
        return await client.SendAsync(request);
    }
}
