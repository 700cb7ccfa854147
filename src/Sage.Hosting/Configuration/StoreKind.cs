namespace Sage.Hosting;

/// <summary>Where sessions are kept.</summary>
internal enum StoreKind
{
    /// <summary>In the memory of this process; a restart ends them.</summary>
    Memory,

    /// <summary>In a file of this machine.</summary>
    Sqlite,

    /// <summary>In a PostgreSQL database that several nodes share.</summary>
    PostgreSql,
}
