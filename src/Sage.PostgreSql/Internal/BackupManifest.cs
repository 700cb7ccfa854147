using System.Text.Json;

namespace Sage.PostgreSql.Internal;

/// <summary>The first line of a backup: what is in it.</summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="Migrations">The migrations of the database, in order.</param>
/// <param name="Rows">How many rows each table has.</param>
internal sealed record BackupManifest(string Format, IReadOnlyList<string> Migrations, IReadOnlyDictionary<string, long> Rows)
{
    public const string FormatName = "sage-postgresql-backup-1";

    private const int MaxSize = 64 * 1024;

    /// <summary>Writes the manifest and a line feed.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest), cancellationToken).ConfigureAwait(false);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads the first line, and no more than 64 KiB.</summary>
    /// <exception cref="InvalidDataException">The stream does not begin with a manifest.</exception>
    public static BackupManifest Read(Stream stream)
    {
        using MemoryStream line = new();
        int next;
        while ((next = stream.ReadByte()) is not (-1 or '\n') && line.Length < MaxSize)
        {
            line.WriteByte((byte)next);
        }

        try
        {
            BackupManifest? manifest = JsonSerializer.Deserialize(line.ToArray(), BackupJson.Default.BackupManifest);
            if (next == '\n' && manifest is { Format: FormatName, Migrations: not null, Rows: not null } && !manifest.Migrations.Contains(null!))
            {
                return manifest;
            }
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The file is no backup of Sage from PostgreSQL.", exception);
        }

        throw new InvalidDataException("The file is no backup of Sage from PostgreSQL.");
    }
}
