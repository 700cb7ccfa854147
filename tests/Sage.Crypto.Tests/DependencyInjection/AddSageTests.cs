using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sage.Crypto.Tests.KeyStore;

namespace Sage.Crypto.Tests.DependencyInjection;

[TestFixture]
internal sealed class AddSageTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Without_configuration_there_is_a_clock_and_a_nonce_store()
    {
        using ServiceProvider provider = Build(services => services.AddSage());

        Assert.That(provider.GetRequiredService<TimeProvider>(), Is.SameAs(TimeProvider.System));
        Assert.That(provider.GetRequiredService<INonceStore>(), Is.TypeOf<InMemoryNonceStore>());
        Assert.That(provider.GetRequiredService<IOptions<SageOptions>>().Value.Did, Is.Null);
    }

    [Test]
    public void What_the_application_registered_stays()
    {
        FakeTimeProvider time = new();
        using MemoryKeyStore keys = new();
        using ServiceProvider provider = Build(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<IKeyStore>(keys);
            services.AddSage();
        });

        Assert.That(provider.GetRequiredService<TimeProvider>(), Is.SameAs(time));
        Assert.That(provider.GetRequiredService<IKeyStore>(), Is.SameAs(keys));
    }

    [Test]
    public void Calling_it_again_changes_nothing()
    {
        IConfiguration configuration = Configuration(("Did", "did:example:1"));
        ServiceCollection services = [];
        ISageBuilder first = services.AddSage(configuration);
        int count = services.Count;

        ISageBuilder second = services.AddSage(configuration);
        services.AddSage();

        Assert.That(services, Has.Count.EqualTo(count));
        Assert.That(second.Services, Is.SameAs(first.Services).And.SameAs(services));
    }

    [Test]
    public void A_later_configuration_is_bound_too()
    {
        using ServiceProvider provider = Build(services =>
        {
            services.AddSage();
            services.AddSage(Configuration(("Did", "did:example:1")));
        });

        Assert.That(provider.GetRequiredService<IOptions<SageOptions>>().Value.Did, Is.EqualTo("did:example:1"));
    }

    [Test]
    public void Every_option_is_bound()
    {
        using ServiceProvider provider = Build(services => services.AddSage(Configuration(
            ("Did", "did:example:1"), ("KeyStore:Path", "keys.json"), ("KeyStore:PassphraseFile", "passphrase"))));

        SageOptions options = provider.GetRequiredService<IOptions<SageOptions>>().Value;

        Assert.That(options.Did, Is.EqualTo("did:example:1"));
        Assert.That(options.KeyStore.Path, Is.EqualTo("keys.json"));
        Assert.That(options.KeyStore.PassphraseFile, Is.EqualTo("passphrase"));
        Assert.That(options.KeyStore.PassphraseVariable, Is.Null);
    }

    [Test]
    public async Task The_configured_key_store_opens_with_the_passphrase_of_a_file()
    {
        (string path, PrivateKey key) = await MakeStoreAsync("from a file"u8.ToArray());
        string passphrase = folder.File("passphrase");
        await File.WriteAllTextAsync(passphrase, "from a file\n");
        using ServiceProvider provider = Build(services => services.AddSage(Configuration(
            ("KeyStore:Path", path), ("KeyStore:PassphraseFile", passphrase))));

        using PrivateKey copy = await provider.GetRequiredService<IKeyStore>().GetAsync("agent");

        Assert.That(copy.PublicKey, Is.EqualTo(key.PublicKey));
        key.Dispose();
    }

    [Test]
    public async Task A_store_named_in_code_wins_and_opens_with_the_passphrase_of_a_variable()
    {
        (string path, PrivateKey key) = await MakeStoreAsync("from a variable"u8.ToArray());
        Environment.SetEnvironmentVariable("SAGE_TEST_ADD_SAGE", "from a variable");
        using ServiceProvider provider = Build(services => services
            .AddSage(Configuration(("KeyStore:Path", "elsewhere"), ("KeyStore:PassphraseFile", "elsewhere")))
            .AddKeyStoreFile(path, passphraseVariable: "SAGE_TEST_ADD_SAGE"));
        IKeyStore store = provider.GetRequiredService<IKeyStore>();
        using PrivateKey next = PrivateKey.Generate(KeyAlgorithm.X25519);

        await store.AddAsync("other", next);
        await store.RotateAsync("agent", next);
        await store.RemoveAsync("agent", key.PublicKey.KeyId);

        Assert.That((await store.ListAsync()).Select(entry => entry.Name), Is.EqualTo(new[] { "other", "agent" }));
        key.Dispose();
    }

    [Test]
    public async Task A_store_that_does_not_open_is_tried_again()
    {
        string path = folder.File("keys.json");
        string passphrase = folder.File("passphrase");
        using ServiceProvider provider = Build(services => services.AddSage().AddKeyStoreFile(path, passphraseFile: passphrase));
        IKeyStore store = provider.GetRequiredService<IKeyStore>();
        Assert.That(async () => await store.ListAsync(), Throws.InstanceOf<IOException>());
        await File.WriteAllTextAsync(passphrase, "mended");
        Assert.That(async () => await store.ListAsync(), Refusal.With(KeyStoreError.NotFound));

        (_, PrivateKey key) = await MakeStoreAsync("mended"u8.ToArray());

        Assert.That(await store.ListAsync(), Has.Count.EqualTo(1));
        key.Dispose();
    }

    [Test]
    public async Task The_container_disposes_the_store_it_opened()
    {
        (string path, PrivateKey key) = await MakeStoreAsync("x"u8.ToArray());
        string passphrase = folder.File("passphrase");
        await File.WriteAllTextAsync(passphrase, "x");
        IKeyStore store;
        using (ServiceProvider provider = Build(services => services.AddSage().AddKeyStoreFile(path, passphraseFile: passphrase)))
        {
            store = provider.GetRequiredService<IKeyStore>();
            await store.ListAsync();
        }

        Assert.That(async () => await store.ListAsync(), Throws.InstanceOf<ObjectDisposedException>());
        key.Dispose();
    }

    [Test]
    public async Task The_store_logs_to_the_containers_logger()
    {
        (string path, PrivateKey key) = await MakeStoreAsync("x"u8.ToArray());
        string passphrase = folder.File("passphrase");
        await File.WriteAllTextAsync(passphrase, "x");
        using LogCapture log = new();
        using ServiceProvider provider = Build(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
            services.AddSage().AddKeyStoreFile(path, passphraseFile: passphrase);
        });

        await provider.GetRequiredService<IKeyStore>().ListAsync();

        Assert.That(log.Ids, Does.Contain(500));
        key.Dispose();
    }

    [Test]
    public void No_key_store_is_an_error_that_says_what_to_do()
    {
        using ServiceProvider provider = Build(services => services.AddSage());

        Assert.That(() => provider.GetRequiredService<IKeyStore>(), Throws.InvalidOperationException.With.Message.Contains("'Sage:KeyStore:Path'"));
    }

    [TestCase("'Agent:KeyStore:Path' needs exactly one", "KeyStore:Path=keys.json")]
    [TestCase("'Agent:KeyStore:PassphraseFile' (better) or 'Agent:KeyStore:PassphraseVariable'", "KeyStore:Path=k", "KeyStore:PassphraseFile=f", "KeyStore:PassphraseVariable=V")]
    [TestCase("'Agent:KeyStore:Path' is missing", "KeyStore:PassphraseFile=f")]
    [TestCase("'Agent:KeyStore:Path' is empty", "KeyStore:Path= ", "KeyStore:PassphraseFile=f")]
    [TestCase("'Agent:KeyStore:PassphraseVariable' is empty", "KeyStore:Path=k", "KeyStore:PassphraseVariable=")]
    [TestCase("'Agent:Did' must be a DID", "Did=")]
    public void Options_that_cannot_work_are_refused_at_start_by_name(string message, params string[] settings)
    {
        IConfiguration root = Configuration([.. settings.Select(setting => setting.Split('=', 2)).Select(pair => ("Agent:" + pair[0], pair[1]))]);
        using ServiceProvider provider = Build(services => services.AddSage(root.GetSection("Agent")));

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(message));
    }

    [Test]
    public void A_did_has_at_most_256_bytes()
    {
        using ServiceProvider provider = Build(services => services.AddSage(Configuration(("Did", "did:example:" + new string('x', 245)))));

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.TypeOf<OptionsValidationException>());
    }

    [Test]
    public void Good_options_start()
    {
        using ServiceProvider provider = Build(services => services.AddSage(Configuration(
            ("Did", "did:example:" + new string('x', 244)), ("KeyStore:Path", "k"), ("KeyStore:PassphraseVariable", "V"))));

        Assert.That(() => provider.GetRequiredService<IStartupValidator>().Validate(), Throws.Nothing);
    }

    private static ServiceProvider Build(Action<IServiceCollection> configure)
    {
        ServiceCollection services = [];
        configure(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();

    private async Task<(string Path, PrivateKey Key)> MakeStoreAsync(byte[] passphrase)
    {
        string path = folder.File("keys.json");
        PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using EncryptedFileKeyStore store = await Cheap.CreateAsync(path, passphrase);
        await store.AddAsync("agent", key);
        return (path, key);
    }
}
