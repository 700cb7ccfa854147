namespace Sage.PostgreSql;

/// <summary>The names under which this package reports (docs/telemetry.md). No instrument carries anything of a row, a host or a database.</summary>
public static class PostgreSqlTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.PostgreSql";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sage.PostgreSql";

    /// <summary>Histogram in seconds: how long operations on the database took.</summary>
    public const string OperationDuration = "sage.postgresql.operation.duration";

    /// <summary>Attribute: the operation, such as <c>consume_nonce</c>.</summary>
    public const string OperationAttribute = "sage.store.operation";

    /// <summary>Attribute, only on failure: <c>timeout</c>, <c>unreachable</c>, <c>database_error</c>, <c>cancelled</c> or <c>_OTHER</c>.</summary>
    public const string ErrorTypeAttribute = "error.type";
}
