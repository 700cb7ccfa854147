namespace Sage.Fuzz;

/// <summary>The checks that targets make.</summary>
internal static class Oracle
{
    public static void Holds(bool condition, string what)
    {
        if (!condition)
        {
            throw new OracleException(what);
        }
    }

    public static void Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, string what) => Holds(left.SequenceEqual(right), what);

    public static void Same(string? left, string? right, string what) => Holds(string.Equals(left, right, StringComparison.Ordinal), what);
}
