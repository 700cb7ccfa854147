namespace Sage.Hosting;

/// <summary>Where used nonces are remembered.</summary>
internal enum NonceStoreKind
{
    /// <summary>In the memory of this process.</summary>
    Memory,

    /// <summary>In a file of this machine.</summary>
    Sqlite,

    /// <summary>In a PostgreSQL database that several nodes share.</summary>
    PostgreSql,

    /// <summary>In Redis, shared by several nodes.</summary>
    Redis,
}
