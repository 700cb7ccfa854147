using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sage.Crypto;

/// <summary>The names a key store accepts: short, printable, the same in every file system, log and JSON text.</summary>
internal static class KeyName
{
    public const int MaximumLength = 256;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:#/@%");

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaximumLength } && !name.AsSpan().ContainsAnyExcept(Allowed);

    public static void Require(string? name, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (!IsValid(name))
        {
            throw new ArgumentException($"A key name is 1 to {MaximumLength} ASCII letters, digits or any of ._-:#/@%.", parameter);
        }
    }
}
