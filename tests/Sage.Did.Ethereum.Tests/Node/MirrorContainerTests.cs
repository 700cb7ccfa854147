using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Tests.Contracts;

namespace Sage.Did.Ethereum.Tests.Node;

/// <summary>File, chain, mirror, or a file beside one of the others, as an application registers them.</summary>
internal sealed class MirrorContainerTests
{
    private RegistryChain chain = null!;
    private AgentDid onChain;
    private AgentDid inFile;
    private string file = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        chain = await RegistryChain.StartAsync();
        onChain = chain.Deployment.FormatDid(await chain.RegisterAsync());
        await chain.SettleAsync();
        file = Path.Combine(Directory.CreateTempSubdirectory("sage-mirror-").FullName, "agents.json");
        inFile = AgentDid.Parse("did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3");
        await File.WriteAllTextAsync(file, $$"""{"records":[{"did":"{{inFile}}","is_active":true}]}""");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (chain is not null)
        {
            await chain.DisposeAsync();
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    [TestCase(false, false, true)]
    [TestCase(true, true, false)]
    [TestCase(true, false, true)]
    public async Task Each_DID_is_resolved_where_it_is_registered(bool withFile, bool withChain, bool withMirror)
    {
        ServiceCollection services = new();
        ISageBuilder builder = services.AddSage();
        _ = withFile ? builder.AddFileRegistry(file) : builder;
        _ = withChain ? builder.AddEthereumRegistry(chain.Deployment, [chain.Anvil.Url]) : builder;
        _ = withMirror ? builder.AddEthereumMirror(chain.Deployment, chain.Anvil.Url) : builder;
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDidResolver resolver = provider.GetRequiredService<IDidResolver>();
        IHostedService[] hosted = [.. provider.GetServices<IHostedService>()];
        foreach (IHostedService service in hosted)
        {
            await service.StartAsync(default);
        }

        if (withMirror)
        {
            await CaughtUpAsync(provider.GetRequiredService<RegistryMirror>());
        }

        DidResolution ofChain = await resolver.ResolveAsync(onChain);
        DidResolution ofFile = await resolver.ResolveAsync(inFile);
        Assert.That(ofChain.Source, Is.EqualTo(withMirror ? "mirror:eip155:31337" : withChain ? "eip155:31337" : "file"));
        Assert.That(ofChain.Status, Is.EqualTo(withChain || withMirror ? DidResolutionStatus.Resolved : DidResolutionStatus.NotFound));
        Assert.That(ofFile.Status == DidResolutionStatus.MethodNotSupported, Is.EqualTo(!withFile));
        Assert.That(ofFile.Source, Is.EqualTo(withFile ? "file" : "none"));
        foreach (IHostedService service in hosted)
        {
            await service.StopAsync(default);
        }
    }

    [Test]
    public void Chain_and_mirror_of_one_deployment_or_two_mirrors_are_refused()
    {
        ISageBuilder builder = new ServiceCollection().AddSage().AddEthereumMirror(chain.Deployment, chain.Anvil.Url);
        Assert.That(() => builder.AddEthereumRegistry(chain.Deployment, [chain.Anvil.Url]), Throws.InvalidOperationException);
        Assert.That(() => builder.AddEthereumMirror(RegistryLogs.Somewhere, chain.Anvil.Url), Throws.InvalidOperationException.With.Message.Contains("with new"));
    }

    [Test]
    public async Task The_host_keeps_the_mirror_going_with_the_containers_store_changes_and_meters()
    {
        MemoryRegistryMirrorStore store = new();
        ServiceCollection services = new();
        using Meters meters = new();
        services.AddSingleton<IMeterFactory>(meters);
        services.AddSingleton<IRegistryMirrorStore>(store);
        services.AddSage().AddEthereumMirror(chain.Deployment, chain.Anvil.Url, options => options.PollInterval = TimeSpan.FromMilliseconds(100));
        await using ServiceProvider provider = services.BuildServiceProvider();
        TaskCompletionSource<AgentDid> reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = provider.GetRequiredService<DidChanges>().Subscribe(did => reported.TrySetResult(did));
        RegistryMirrorService service = provider.GetServices<IHostedService>().OfType<RegistryMirrorService>().Single();
        await service.StartAsync(default);
        RegistryMirror mirror = provider.GetRequiredService<RegistryMirror>();
        await CaughtUpAsync(mirror);
        Assert.That(store.Saves, Is.Positive);

        Dictionary<string, double> measured = Measure(meters);
        Assert.That(measured[MirrorGauge.Lag], Is.InRange(0, 300));
        Assert.That(measured[MirrorGauge.Agents], Is.EqualTo(mirror.Find(new AgentQuery()).Agents.Count).And.Positive);

        Assert.That(chain.Deployment.TryParseDid(onChain, out UInt256 agent));
        await chain.SetActiveAsync(agent, false);
        Assert.That(await reported.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(onChain));
        Assert.That((await mirror.ResolveAsync(onChain)).Status, Is.EqualTo(DidResolutionStatus.Deactivated));
        await chain.SetActiveAsync(agent, true);
        await chain.SettleAsync();
        await service.StopAsync(default);
        Assert.That(Measure(meters), Is.Empty, "A mirror that no longer runs shows nothing.");
    }

    private static async Task CaughtUpAsync(RegistryMirror mirror)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!mirror.IsCurrent)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private static Dictionary<string, double> Measure(Meters meters)
    {
        Dictionary<string, double> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("sage.did.ethereum.mirror", StringComparison.Ordinal) && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            Meter meter = new(options);
            made.Add(meter);
            return meter;
        }

        public void Dispose() => made.ForEach(meter => meter.Dispose());
    }
}
