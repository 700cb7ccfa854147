namespace Sage.Hosting;

/// <summary>Rules about where sessions and nonces are kept.</summary>
internal sealed class StoreRules(SageHostOptions options, SecretSchemes schemes, List<string> problems)
{
    private readonly StoreOptions store = options.Store;
    private readonly NoncesOptions nonces = options.Nonces;

    public void Run()
    {
        schemes.Check("Sage:Store:ConnectionString", store.ConnectionString, problems);
        schemes.Check("Sage:Nonces:ConnectionString", nonces.ConnectionString, problems);
        Needs(store.Kind == StoreKind.Sqlite, "Sage:Store:Path", store.Path, "'Sage:Store:Kind' is Sqlite. Set it to the path of the database file");
        OnlyFor(store.Kind == StoreKind.Sqlite, "Sage:Store:Path", store.Path, "'Sage:Store:Kind' Sqlite");
        Needs(store.Kind == StoreKind.PostgreSql, "Sage:Store:ConnectionString", store.ConnectionString, "'Sage:Store:Kind' is PostgreSql. Refer to the connection string");
        OnlyFor(store.Kind == StoreKind.PostgreSql, "Sage:Store:ConnectionString", store.ConnectionString, "'Sage:Store:Kind' PostgreSql");
        if (store.SessionCapacityPerPeer > store.SessionCapacity)
        {
            problems.Add("'Sage:Store:SessionCapacityPerPeer' must not be greater than 'Sage:Store:SessionCapacity'.");
        }

        CheckNonces(nonces.EffectiveKind(store));
    }

    private void CheckNonces(NonceStoreKind kind)
    {
        // Where both are in one database, the store says which.
        bool isApart = kind.ToString() != store.Kind.ToString();
        bool needsConnection = kind == NonceStoreKind.Redis || (kind == NonceStoreKind.PostgreSql && isApart);
        bool needsPath = kind == NonceStoreKind.Sqlite && isApart;
        Needs(needsConnection, "Sage:Nonces:ConnectionString", nonces.ConnectionString, $"'Sage:Nonces:Kind' is {kind}. Refer to the connection string");
        OnlyFor(needsConnection, "Sage:Nonces:ConnectionString", nonces.ConnectionString, "'Sage:Nonces:Kind' Redis, or PostgreSql where the store is another");
        Needs(needsPath, "Sage:Nonces:Path", nonces.Path, "'Sage:Nonces:Kind' is Sqlite. Set it to the path of the database file");
        OnlyFor(needsPath, "Sage:Nonces:Path", nonces.Path, "'Sage:Nonces:Kind' Sqlite where the store is another");

        // Sessions that outlive a process with nonces that do not: what was accepted before a restart, or on another node, is accepted again.
        if ((store.Kind == StoreKind.PostgreSql && kind is (NonceStoreKind.Memory or NonceStoreKind.Sqlite))
            || (store.Kind == StoreKind.Sqlite && kind == NonceStoreKind.Memory))
        {
            problems.Add($"'Sage:Nonces:Kind' must not be {kind} where 'Sage:Store:Kind' is {store.Kind}: a message could be accepted twice. Remove it, or choose a store that is kept and shared as widely.");
        }
    }

    private void Needs(bool condition, string key, string? value, string why)
    {
        if (condition && value is null)
        {
            problems.Add($"'{key}' is missing: {why}.");
        }
    }

    private void OnlyFor(bool condition, string key, string? value, string what)
    {
        if (!condition && value is not null)
        {
            problems.Add($"'{key}' is only for {what}: choose that, or remove the key.");
        }
    }
}
