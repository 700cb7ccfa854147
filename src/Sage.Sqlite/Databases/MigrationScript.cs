using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Sage.Databases;

/// <summary>One step of the schema: a file of SQL in the assembly. Its text never changes once it was released.</summary>
/// <param name="Name">What the database remembers it by, such as <c>0001-nonces-and-sessions</c>; the order is that of the names.</param>
/// <param name="Text">The SQL, with line feeds only.</param>
internal sealed record MigrationScript(string Name, string Text)
{
    private const string Extension = ".sql";

    /// <summary>SHA-256 of the text, in lower-case hexadecimal.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>All scripts of an assembly, in order.</summary>
    public static IReadOnlyList<MigrationScript> LoadAll(Assembly assembly) =>
    [
        .. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Load(assembly, name)),
    ];

    private static MigrationScript Load(Assembly assembly, string resource)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return new MigrationScript(resource[..^Extension.Length], reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
