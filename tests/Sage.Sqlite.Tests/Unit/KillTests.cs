using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sage.Crypto;
using Sage.Session;

namespace Sage.Sqlite.Tests;

/// <summary>A process that writes is killed, and what it said was durable is there.</summary>
[TestFixture]
internal sealed class KillTests
{
    [Test]
    public async Task What_was_committed_outlives_a_killed_writer_and_the_file_is_whole([Values(1, 2, 3)] int round)
    {
        using SqliteFile file = new();
        long last = await WriteUntilKilledAsync(file.Path, commits: 40 * round);

        using SqliteDatabase database = new(file.Path);
        Assert.That(await database.MigrateAsync(), Is.Zero);
        StoredSession session = (await database.Sessions.FindAsync("session"))!;
        Assert.That(session.Version, Is.GreaterThanOrEqualTo(last));
        Assert.That(System.Text.Encoding.UTF8.GetString(session.State.Span), Is.EqualTo($"state {session.Version}"));
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddHours(1);
        for (long i = 2; i <= last; i++)
        {
            Assert.That(await database.Nonces.TryConsumeAsync("scope", $"nonce {i}", end), Is.EqualTo(NonceResult.Replayed), $"{i}");
        }

        Assert.That(Ask(file.Path, "PRAGMA integrity_check"), Is.EqualTo("ok"));
        Assert.That(Ask(file.Path, "SELECT (SELECT live FROM sage_totals WHERE name = 'nonces') = (SELECT count(*) FROM sage_nonces)"), Is.EqualTo(1L));
    }

    private static async Task<long> WriteUntilKilledAsync(string path, int commits)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Sage.Sqlite.Writer.dll");
        using Process writer = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            long last = 0;
            for (int i = 0; i < commits; i++)
            {
                last = long.Parse((await writer.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            }

            return last;
        }
        finally
        {
            writer.Kill();
            await writer.WaitForExitAsync();
        }
    }

    private static object? Ask(string path, string text)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
