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
}
