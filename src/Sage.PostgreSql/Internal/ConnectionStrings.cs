using Npgsql;

namespace Sage.PostgreSql.Internal;

/// <summary>Reads connection strings, which hold passwords.</summary>
internal static class ConnectionStrings
{
    /// <exception cref="ArgumentException">The text cannot be read; the exception does not repeat it.</exception>
    public static NpgsqlDataSource Open(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        try
        {
            // The small builder: what the tables do not need stays out of a native program.
            return new NpgsqlSlimDataSourceBuilder(connectionString).EnableArrays().EnableTransportSecurity().EnableIntegratedSecurity().Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // Without the cause: its text may repeat a part of a password.
            throw new ArgumentException("The connection string of PostgreSQL cannot be read; it is like 'Host=…;Username=…;Password=…;Database=…'.", nameof(connectionString));
        }
    }
}
