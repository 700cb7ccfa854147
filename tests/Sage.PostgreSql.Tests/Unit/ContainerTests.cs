using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Sage.Crypto;
using Sage.Did;
using Sage.Session;

namespace Sage.PostgreSql.Tests;

[TestFixture]
internal sealed class ContainerTests
{
    private Nodes nodes = null!;

    [SetUp]
    public async Task SetUp() => nodes = await Nodes.CreateAsync();

    [TearDown]
    public async Task TearDown() => await nodes.DisposeAsync();

    [Test]
    public async Task Hosts_that_start_together_each_find_the_schema_ready([Values] bool ownSource)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(nodes.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(host => Task.Run(async () =>
        {
            ServiceCollection services = new();
            ISageBuilder sage = services.AddSage();
            sage = ownSource ? sage.AddPostgreSql(source, null) : sage.AddPostgreSql(nodes.ConnectionString);
            await using ServiceProvider provider = services.BuildServiceProvider();
            IHostedLifecycleService service = provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();
            await service.StartingAsync(default);

            PostgreSqlDatabase database = provider.GetRequiredService<PostgreSqlDatabase>();
            Assert.That(provider.GetRequiredService<INonceStore>(), Is.SameAs(database.Nonces));
            Assert.That(provider.GetRequiredService<ISessionStore>(), Is.SameAs(database.Sessions));
            Assert.That(provider.GetRequiredService<IRegistryMirrorStore>(), Is.SameAs(database.Mirror));
            await database.PingAsync();
        })));

        await using NpgsqlCommand command = source.CreateCommand("SELECT 1");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(1), "a data source of the application stays open");
    }

    [Test]
    public void A_second_database_and_options_out_of_range_are_refused()
    {
        ISageBuilder sage = new ServiceCollection().AddSage().AddPostgreSql(nodes.ConnectionString);

        Assert.That(() => sage.AddPostgreSql(nodes.ConnectionString), Throws.InvalidOperationException);
        Assert.That(() => new ServiceCollection().AddSage().AddPostgreSql("nonsense"), Throws.ArgumentException);
        Assert.That(
            () => new ServiceCollection().AddSage().AddPostgreSql(nodes.ConnectionString, options => options.NonceCapacity = 1), Throws.InstanceOf<ArgumentException>());
    }
}
