using System.Text;
using Sage.Databases;
using Sage.PostgreSql.Internal;

namespace Sage.Fuzz;

/// <summary>What a restore reads before, and around, what the server reads itself.</summary>
internal static class BackupTargets
{
    private const int Tables = 4;

    public static FuzzTarget[] All { get; } =
    [
        new("backup", "a backup that reads holds no more than its bytes, and written again it reads as the same", Backup, BackupManifest.FormatName, "\"migrations\":[", "\"rows\":{", "\n", "\0\0\0\0"),
        new("backup-checksum", "a checksum that reads is 64 lower-case hexadecimal digits, and is read again from what sha256sum would write", Checksum, "  backup\n", " *backup"),
    ];

    /// <summary>A backup of these tables; the corpus begins with it.</summary>
    public static byte[] Write(IReadOnlyList<string> migrations, IReadOnlyDictionary<string, long> rows, IReadOnlyList<byte[]> tables)
    {
        using MemoryStream backup = new();
        Done(new BackupManifest(BackupManifest.FormatName, migrations, rows).WriteAsync(backup, CancellationToken.None));
        foreach (byte[] table in tables)
        {
            using MemoryStream content = new(table);
            Done(BackupFrames.WriteAsync(content, backup, CancellationToken.None));
        }

        return backup.ToArray();
    }

    /// <summary>Whether bytes are a backup.</summary>
    public static bool Reads(ReadOnlySpan<byte> bytes) => TryRead(bytes, out _, out _);

    private static void Backup(ReadOnlySpan<byte> input)
    {
        if (!TryRead(input, out BackupManifest? manifest, out List<byte[]>? tables))
        {
            return;
        }

        Oracle.Holds(tables!.Sum(table => table.Length) < input.Length, "a backup holds more than its bytes");
        byte[] written = Write(manifest!.Migrations, manifest.Rows, tables!);
        Oracle.Holds(TryRead(written, out BackupManifest? again, out List<byte[]>? tablesAgain), "a backup that was read cannot be read again");
        Oracle.Holds(again!.Migrations.SequenceEqual(manifest.Migrations) && again.Rows.SequenceEqual(manifest.Rows), "a manifest changes when it is written again");
        for (int i = 0; i < Tables; i++)
        {
            Oracle.Same(tablesAgain![i], tables![i], "a table changes when it is written again");
        }
    }

    private static void Checksum(ReadOnlySpan<byte> input)
    {
        if (BackupFile.ReadHash(input) is { } hash)
        {
            Oracle.Holds(hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower), "a checksum is something else");
            Oracle.Same(BackupFile.ReadHash(Encoding.UTF8.GetBytes($"{hash}  backup\n")), hash, "a checksum changes when it is written again");
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out BackupManifest? manifest, out List<byte[]>? tables)
    {
        using MemoryStream backup = new(bytes.ToArray());
        try
        {
            manifest = BackupManifest.Read(backup);
            tables = [];
            for (int i = 0; i < Tables; i++)
            {
                using MemoryStream content = new();
                Done(BackupFrames.ReadAsync(backup, content, CancellationToken.None));
                tables.Add(content.ToArray());
            }

            BackupFrames.RequireEnd(backup);
            return true;
        }
        catch (InvalidDataException)
        {
            (manifest, tables) = (null, null);
            return false;
        }
    }

    // Streams in memory are done at once.
    private static void Done(Task task) => task.GetAwaiter().GetResult();
}
