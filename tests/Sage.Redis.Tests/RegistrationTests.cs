using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sage.Crypto;
using Sage.Tests;
using StackExchange.Redis;

namespace Sage.Redis.Tests;

/// <summary>In the container, and what is measured there.</summary>
[TestFixture]
internal sealed class RegistrationTests
{
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddMinutes(5);

    [Test]
    public async Task Redis_takes_the_place_of_memory()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        ServiceCollection services = new();
        services.AddSage().AddRedisNonces(server.Configuration, options => options.Timeout = TimeSpan.FromSeconds(30));
        services.AddSage();
        await using ServiceProvider provider = services.BuildServiceProvider();
        INonceStore store = provider.GetServices<INonceStore>().Single();

        Assert.That(store, Is.SameAs(provider.GetRequiredService<RedisNonceStore>()));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        Assert.That(await store.TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Replayed));
    }

    [Test]
    public async Task A_connection_of_the_application_stays_open()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        ServiceCollection services = new();
        services.AddSage().AddRedisNonces(connection, options => options.Timeout = TimeSpan.FromSeconds(30));
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<RedisNonceStore>().CheckAsync();
            Assert.That(await provider.GetRequiredService<INonceStore>().TryConsumeAsync("scope", "nonce", Until), Is.EqualTo(NonceResult.Accepted));
        }

        Assert.That(await connection.GetDatabase().PingAsync(), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void Options_that_cannot_work_are_refused_where_they_are_set()
    {
        Action<RedisNonceStoreOptions>[] mistakes =
        [
            options => options.KeyPrefix = "",
            options => options.KeyPrefix = null!,
            options => options.KeyPrefix = "a b",
            options => options.KeyPrefix = "a\n",
            options => options.KeyPrefix = "{a}",
            options => options.KeyPrefix = "ä",
            options => options.KeyPrefix = new string('a', 65),
            options => options.Capacity = 9,
            options => options.ClockTolerance = TimeSpan.FromSeconds(1),
            options => options.ClockTolerance = TimeSpan.FromMinutes(11),
            options => options.Timeout = TimeSpan.Zero,
            options => options.Timeout = TimeSpan.FromMinutes(2),
        ];
        foreach (Action<RedisNonceStoreOptions> mistake in mistakes)
        {
            Assert.That(() => new ServiceCollection().AddSage().AddRedisNonces("127.0.0.1:1", mistake), Throws.InstanceOf<ArgumentException>());
        }
    }

    [Test]
    public async Task Every_call_is_measured_once_with_its_result_or_its_failure()
    {
        ConcurrentQueue<string> measured = new();
        ConcurrentQueue<ActivityStatusCode> spans = new();
        await using RedisServer server = await RedisServer.StartAsync();
        ServiceCollection services = new();
        services.AddMetrics();
        services.AddSage().AddRedisNonces(server.Configuration, options => (options.Capacity, options.Timeout) = (10, TimeSpan.FromSeconds(5)));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IMeterFactory meters = provider.GetRequiredService<IMeterFactory>();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == RedisTelemetry.ConsumeDuration)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Enqueue(string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        using ActivityListener tracer = new()
        {
            ShouldListenTo = source => source.Name == RedisTelemetry.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => spans.Enqueue(activity.Status),
        };
        ActivitySource.AddActivityListener(tracer);
        INonceStore store = provider.GetRequiredService<INonceStore>();

        await store.TryConsumeAsync("scope", "nonce", Until);
        await store.TryConsumeAsync("scope", "nonce", Until);
        await store.TryConsumeAsync("scope", "other", Until);
        await server.StopAsync();
        Assert.That(async () => await store.TryConsumeAsync("scope", "third", Until), Throws.InstanceOf<IOException>());

        Assert.That(measured, Is.EqualTo(new[] { "sage.nonce.result=accepted", "sage.nonce.result=replayed", "sage.nonce.result=full", "error.type=unreachable" }));
        Assert.That(spans, Does.Contain(ActivityStatusCode.Error));
    }
}
