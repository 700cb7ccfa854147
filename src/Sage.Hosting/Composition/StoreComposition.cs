using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sage.Session;

namespace Sage.Hosting;

/// <summary>Registers where sessions and nonces are kept. In memory is the default of the verbs for sessions and signatures.</summary>
internal sealed class StoreComposition(ISageBuilder sage, SageHostOptions options, SecretReader secrets)
{
    private readonly StoreOptions store = options.Store;
    private readonly NoncesOptions nonces = options.Nonces;

    public void Compose()
    {
        _ = store.Kind switch
        {
            StoreKind.Sqlite => AddSqlite(store.Path!),
            StoreKind.PostgreSql => Connect("Sage:Store:ConnectionString", store.ConnectionString!, AddPostgreSql),
            _ => sage,
        };
        NonceStoreKind kind = nonces.EffectiveKind(store);
        if (kind.ToString() == store.Kind.ToString())
        {
            return;
        }

        // Behind the store: the last verb decides where nonces are, the first where sessions are.
        _ = kind switch
        {
            NonceStoreKind.Sqlite => AddSqlite(nonces.Path!),
            NonceStoreKind.PostgreSql => Connect("Sage:Nonces:ConnectionString", nonces.ConnectionString!, AddPostgreSql),
            NonceStoreKind.Redis => Connect("Sage:Nonces:ConnectionString", nonces.ConnectionString!, AddRedis),
            _ => sage,
        };
        if (store.Kind == StoreKind.Memory)
        {
            sage.Services.RemoveAll<ISessionStore>();
        }
    }

    private ISageBuilder AddSqlite(string path) => sage.AddSqlite(path, database =>
    {
        database.NonceCapacity = nonces.Capacity;
        database.SessionCapacity = store.SessionCapacity;
        database.SessionCapacityPerPeer = store.SessionCapacityPerPeer;
        database.MigrateAtStart = store.MigrateAtStart;
    });

    private ISageBuilder AddPostgreSql(string connection) => sage.AddPostgreSql(connection, database =>
    {
        database.NonceCapacity = nonces.Capacity;
        database.SessionCapacity = store.SessionCapacity;
        database.SessionCapacityPerPeer = store.SessionCapacityPerPeer;
        database.MigrateAtStart = store.MigrateAtStart;
    });

    private ISageBuilder AddRedis(string connection) => sage.AddRedisNonces(connection, redis => redis.Capacity = nonces.Capacity);

    private ISageBuilder? Connect(string key, string reference, Func<string, ISageBuilder> add)
    {
        if (secrets.Read(key, reference) is not { } connection)
        {
            return null;
        }

        try
        {
            return add(connection);
        }
        catch (ArgumentException)
        {
            // What is wrong with it is not said: the text is a secret.
            return secrets.Refuse<ISageBuilder>(key, "what it refers to is no connection string that can be read.");
        }
    }
}
