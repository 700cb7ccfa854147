namespace Sage.Sqlite;

/// <summary>The names under which this package reports (docs/telemetry.md). No instrument carries anything of a row.</summary>
public static class SqliteTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sage.Sqlite";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sage.Sqlite";

    /// <summary>Histogram in seconds: how long operations on the database took.</summary>
    public const string OperationDuration = "sage.sqlite.operation.duration";

    /// <summary>Attribute: the operation, such as <c>consume_nonce</c>.</summary>
    public const string OperationAttribute = "sage.store.operation";

    /// <summary>Attribute, only on failure: <c>busy</c>, <c>io</c>, <c>corrupt</c>, <c>full</c>, <c>database_error</c>, <c>cancelled</c> or <c>_OTHER</c>.</summary>
    public const string ErrorTypeAttribute = "error.type";
}
