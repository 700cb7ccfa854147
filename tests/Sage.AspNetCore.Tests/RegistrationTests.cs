using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Session.Tests.Endpoints;

namespace Sage.AspNetCore.Tests;

/// <summary>Sessions from a container, and what it says when something is missing.</summary>
[TestFixture]
internal sealed class RegistrationTests
{
    [Test]
    public async Task An_agent_from_the_container_answers()
    {
        using TestAgent caller = new();
        using TestAgent callee = new();
        TestDirectory directory = new(TimeProvider.System);
        await using WebApplication app = Build(services => services.AddSingleton<IDidResolver>(directory)
            .AddSage().AddAgent(callee.Local).AddSessions(options => options.Accept = AcceptRule.Dids(caller.Did)));
        app.MapSageSessions("/messages", TestService.Echo);
        await app.StartAsync();
        callee.Endpoint = app.Urls.First();
        directory.Publish(caller, callee);

        await using ServiceProvider services = Client(caller, directory);
        await using AgentSession session = await services.GetRequiredService<SessionClient>().OpenAsync(callee.Did);
        Assert.That((await session.RequestAsync("x"u8.ToArray())).Content.Length, Is.EqualTo("echo:x".Length));
    }

    [Test]
    public void Mapping_without_sessions_says_what_to_call()
    {
        WebApplication app = Build(_ => { });
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(() => app.MapSageSessions("/messages", TestService.Echo));
        Assert.That(error!.Message, Does.Contain("AddSage(").And.Contain(".AddSessions("));
    }

    [Test]
    public void Mapping_without_an_agent_says_what_to_call()
    {
        WebApplication app = Build(services => services.AddSage().AddSessions(options => options.Accept = AcceptRule.Anyone));
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(() => app.MapSageSessions("/messages", TestService.Echo));
        Assert.That(error!.Message, Does.Contain("AddAgent("));
    }

    [Test]
    public void Mapping_without_a_resolver_says_what_to_call()
    {
        using TestAgent agent = new();
        WebApplication app = Build(services => services.AddSage().AddAgent(agent.Local).AddSessions(options => options.Accept = AcceptRule.Anyone));
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(() => app.MapSageSessions("/messages", TestService.Echo));
        Assert.That(error!.Message, Does.Contain("AddFileRegistry("));
    }

    [Test]
    public void Mapping_without_an_accept_rule_says_how_to_give_one()
    {
        using TestAgent agent = new();
        WebApplication app = Build(services => services.AddSingleton<IDidResolver>(new TestDirectory(TimeProvider.System))
            .AddSage().AddAgent(agent.Local).AddSessions());
        ArgumentException? error = Assert.Throws<ArgumentException>(() => app.MapSageSessions("/messages", TestService.Echo));
        Assert.That(error!.Message, Does.Contain("AddSessions(options => options.Accept"));
    }

    [Test]
    public void A_setting_out_of_range_stops_the_start()
    {
        using TestAgent agent = new();
        WebApplication app = Build(services => services.AddSage().AddSessions(options => options.MaxBodySize = 0));
        OptionsValidationException? error = Assert.ThrowsAsync<OptionsValidationException>(async () => await app.StartAsync());
        Assert.That(error!.Message, Does.Contain(nameof(AgentSessionOptions.MaxBodySize)));
    }

    private static WebApplication Build(Action<IServiceCollection> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        configure(builder.Services);
        return builder.Build();
    }

    private static ServiceProvider Client(TestAgent caller, TestDirectory directory)
    {
        ServiceCollection services = new();
        services.AddMetrics();
        services.AddSingleton<IDidResolver>(directory).AddSage().AddAgent(caller.Local)
            .AddSessions(options => options.Endpoints = new EndpointPolicy { AllowLoopback = true, AllowHttp = true });
        return services.BuildServiceProvider();
    }
}
