namespace Sage.Hosting;

/// <summary>Where sessions are kept.</summary>
internal sealed class StoreOptions
{
    /// <summary>Where sessions are kept.</summary>
    public StoreKind Kind { get; set; }

    /// <summary>The path of the database file, for the kind Sqlite.</summary>
    public string? Path { get; set; }

    /// <summary>A reference to the connection string, for the kind PostgreSql.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The name of the X25519 key of the key store that encrypts what is kept; unused for the kind Memory. All nodes share it.</summary>
    public string StateKey { get; set; } = "state";

    /// <summary>How many sessions the database keeps for all nodes together; unused for the kind Memory.</summary>
    [NumberRange(1, 1_000_000_000)]
    public int SessionCapacity { get; set; } = 50_000;

    /// <summary>How many sessions the database keeps for one peer; unused for the kind Memory.</summary>
    [NumberRange(1, 1_000_000_000)]
    public int SessionCapacityPerPeer { get; set; } = 1_000;

    /// <summary>Whether a host applies the migrations that its database lacks; without it, it only verifies that there are none.</summary>
    public bool MigrateAtStart { get; set; } = true;
}
