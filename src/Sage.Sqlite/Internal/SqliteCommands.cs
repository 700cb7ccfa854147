using Microsoft.Data.Sqlite;

namespace Sage.Sqlite.Internal;

/// <summary>Commands whose values are parameters, always.</summary>
internal static class SqliteCommands
{
    public static SqliteCommand Command(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs a command and says how many rows it changed itself, triggers left aside.</summary>
    public static int Execute(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = connection.Command(text, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row, or null.</summary>
    public static long? Number(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = connection.Command(text, parameters);
        return command.ExecuteScalar() as long?;
    }
}
