namespace Sage.Hosting;

/// <summary>Where used nonces are remembered.</summary>
internal sealed class NoncesOptions
{
    /// <summary>Where used nonces are remembered; where sessions are kept when not set.</summary>
    public NonceStoreKind? Kind { get; set; }

    /// <summary>The path of the database file, for the kind Sqlite where the store is another.</summary>
    public string? Path { get; set; }

    /// <summary>A reference to the connection string, for the kind Redis, and for PostgreSql where the store is another.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How many nonces are remembered at a time; when full, messages are refused. One peer may use a tenth.</summary>
    [NumberRange(10, 1_000_000_000)]
    public int Capacity { get; set; } = 1_000_000;

    /// <summary>Where used nonces are remembered, with the kind of the store where none is set.</summary>
    public NonceStoreKind EffectiveKind(StoreOptions store) => Kind ?? store.Kind switch
    {
        StoreKind.Sqlite => NonceStoreKind.Sqlite,
        StoreKind.PostgreSql => NonceStoreKind.PostgreSql,
        _ => NonceStoreKind.Memory,
    };
}
