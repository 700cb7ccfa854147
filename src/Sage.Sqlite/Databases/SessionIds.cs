using Sage.Session;

namespace Sage.Databases;

/// <summary>Which texts can be ids of sessions; any other is not looked for.</summary>
internal static class SessionIds
{
    public static bool IsPossible(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= StoredSession.MaxIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
    }
}
