namespace Sage.Session;

/// <summary>What a host knows about an incoming envelope besides its bytes.</summary>
public sealed class SessionRequest
{
    private readonly Func<string, string?> header;

    /// <summary>Describes an incoming envelope.</summary>
    /// <param name="body">The envelope; not kept after the call.</param>
    /// <param name="remoteAddress">The address of the connection, as text; what rate limits and cookies are bound to.</param>
    /// <param name="header">
    /// Looks up a header by name: <see langword="null"/> when absent, all values joined when it occurs more than once.
    /// Not given for a transport without headers.
    /// </param>
    public SessionRequest(ReadOnlyMemory<byte> body, string remoteAddress, Func<string, string?>? header = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(remoteAddress);
        Body = body;
        RemoteAddress = remoteAddress;
        this.header = header ?? (_ => null);
    }

    /// <summary>The envelope.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The address of the connection.</summary>
    public string RemoteAddress { get; }

    internal string? Header(string name) => header(name);
}
