using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;
using Sage.Tests.Contracts;

namespace Sage.Sqlite.Tests;

[TestFixture]
internal sealed class ContainerTests
{
    private SqliteFile file = null!;

    [SetUp]
    public void SetUp() => file = new SqliteFile();

    [TearDown]
    public void TearDown() => file.Dispose();

    [Test]
    public async Task The_verb_replaces_the_nonce_memory_and_the_host_prepares_and_sweeps_the_file()
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(file.Time);
        services.AddSage().AddSqlite(file.Path, options => options.RetentionInterval = TimeSpan.FromSeconds(10));
        await using ServiceProvider provider = services.BuildServiceProvider();
        SqliteDatabase database = provider.GetRequiredService<SqliteDatabase>();
        IHostedLifecycleService service = provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();
        await service.StartingAsync(default);
        await service.StartAsync(default);

        Assert.That(provider.GetRequiredService<INonceStore>(), Is.SameAs(database.Nonces));
        Assert.That(provider.GetRequiredService<ISessionStore>(), Is.SameAs(database.Sessions));
        Assert.That(provider.GetRequiredService<IRegistryMirrorStore>(), Is.SameAs(database.Mirror));
        await database.Sessions.TryAddAsync(new StoredSession("id", AgentDid.Parse("did:a:b"), 1, file.Time.GetUtcNow().AddSeconds(5), [1]));
        file.Time.Advance(TimeSpan.FromSeconds(11));
        await SpinUntilAsync(async () => await RowsAsync() == 0);
        await service.StopAsync(default);
    }

    [Test]
    public void What_the_application_registered_for_sessions_and_mirrors_stays()
    {
        ServiceCollection services = new();
        MemorySessionStore own = new(TimeProvider.System);
        services.AddSingleton<ISessionStore>(own);
        services.AddSage().AddSqlite(file.Path);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ISessionStore>(), Is.SameAs(own));
        Assert.That(() => services.AddSage().AddSqlite(file.In("other.db")), Throws.InvalidOperationException);
    }

    [Test]
    public void A_host_that_may_not_migrate_says_what_is_missing()
    {
        SqliteDatabase database = file.Open(new SqliteDatabaseOptions { MigrateAtStart = false }, migrate: false);

        Assert.That(async () => await database.PrepareAsync(default), Throws.InvalidOperationException.With.Message.Contains("0001-nonces-and-sessions"));
    }

    [Test]
    public void Options_out_of_range_are_refused()
    {
        foreach (Action<SqliteDatabaseOptions> wrong in new Action<SqliteDatabaseOptions>[]
        {
            options => options.NonceCapacity = 9, options => options.SessionCapacity = 0, options => options.SessionCapacityPerPeer = 0,
            options => options.ClockTolerance = TimeSpan.FromSeconds(1), options => options.Timeout = TimeSpan.Zero, options => options.RetentionInterval = TimeSpan.FromDays(2),
        })
        {
            Assert.That(() => new ServiceCollection().AddSage().AddSqlite(file.Path, wrong), Throws.InstanceOf<ArgumentException>());
        }
    }

    [Test]
    public async Task Durations_and_errors_are_measured_without_anything_of_a_row()
    {
        List<(string? Operation, string? Error)> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == SqliteTelemetry.OperationDuration)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            string? operation = null, error = null;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                operation = tag.Key == SqliteTelemetry.OperationAttribute ? (string?)tag.Value : operation;
                error = tag.Key == SqliteTelemetry.ErrorTypeAttribute ? (string?)tag.Value : error;
            }

            lock (seen)
            {
                seen.Add((operation, error));
            }
        });
        listener.Start();
        SqliteDatabase database = file.Open(options: null, migrate: false);
        Assert.That(async () => await database.PingAsync(), Throws.InstanceOf<IOException>());
        await database.MigrateAsync();
        await database.PingAsync();

        lock (seen)
        {
            Assert.That(seen, Does.Contain(("ping", "database_error")).And.Contains(("ping", (string?)null)));
        }
    }

    private async Task<int> RowsAsync()
    {
        await using Microsoft.Data.Sqlite.SqliteConnection connection = new(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder { DataSource = file.Path, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sage_sessions";
        return (int)(long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task SpinUntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 500 && !await condition(); i++)
        {
            await Task.Delay(20);
        }

        Assert.That(await condition(), Is.True);
    }
}
