using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.Session;

namespace Sage.Hosting;

/// <summary>Registers what the configuration asks for.</summary>
internal sealed class HostComposition(IServiceCollection services, LoadedConfiguration loaded, SecretReader secrets)
{
    private readonly SageHostOptions options = loaded.Options;

    public ISageBuilder Compose()
    {
        services.TryAddSingleton<INonceStore>(provider => new InMemoryNonceStore(provider.GetRequiredService<TimeProvider>(), options.Nonces.Capacity));
        ISageBuilder sage = services.AddSage(loaded.Section);
        services.AddSingleton(loaded);
        services.AddSingleton<LiveConfiguration>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveConfiguration>());
        services.AddSingleton(provider => new SageFeatures(provider.GetRequiredService<LiveConfiguration>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, FeatureMatcherPolicy>());
        services.AddHostedService<KeysAtStart>();
        sage.AddAgentFromKeyStore(options.Agent.SigningKey, options.Agent.AgreementKey);
        new RegistryComposition(sage, options.Registry, secrets).Compose();
        new StoreComposition(sage, options, secrets).Compose();
        AddSessions(sage);
        AddHttpSignatures(sage);
        AddLimits();
        services.AddHealthChecks().AddSage();
        new TelemetryComposition(services, options.Telemetry).Compose();
        return sage;
    }

    private void AddSessions(ISageBuilder sage)
    {
        sage.AddSessions(session =>
        {
            session.Endpoints = new EndpointPolicy { AllowLoopback = options.Sessions.Endpoints.AllowLoopback, AllowHttp = options.Sessions.Endpoints.AllowHttp };
            session.MaxResolutionAge = options.Sessions.MaxResolutionAge;
            session.Timeout = options.Sessions.Timeout;
            session.MaxBodySize = options.Sessions.MaxBodySize;
            session.CookieThreshold = options.Sessions.CookieThreshold;
            session.HandshakesPerSecondPerAddress = options.Sessions.HandshakesPerSecondPerAddress;
            session.HandshakesPerSecondPerDid = options.Sessions.HandshakesPerSecondPerDid;
            session.MaxSessions = options.Sessions.MaxSessions;
            session.MaxSessionsPerPeer = options.Sessions.MaxSessionsPerPeer;
            session.TracePeerDid = options.Sessions.TracePeerDid;
            session.StateKey = options.Store.Kind == StoreKind.Memory ? null : options.Store.StateKey;
        });
        services.AddOptions<AgentSessionOptions>().Configure<LiveConfiguration, SageFeatures>((session, live, features) =>
        {
            session.Accept = AcceptRule.Where(peer => live.Switches.Accepts(peer.Did));
            session.RequireCookieWhen = () => features.IsEnabled(SageFeatures.RequireCookie);
        });
    }

    private void AddHttpSignatures(ISageBuilder sage)
    {
        sage.AddHttpMessageSigner(options.Agent.SigningKey).AddHttpMessageVerifier();
        services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature(scheme =>
        {
            scheme.Policy = options.HttpSignatures.ToPolicy();
            scheme.PublicOrigin = options.HttpSignatures.PublicOrigin;
        });
    }

    private void AddLimits()
    {
        LimitsOptions limits = options.Limits;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.DrainDelay + limits.ShutdownTimeout);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodySize;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeadersSize;
            kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        });
    }
}
