namespace Sage.HttpSignatures;

/// <summary>The handler at the end of a chain, which sends.</summary>
internal static class PrimaryHandler
{
    /// <summary>What to do about one that follows redirects.</summary>
    public const string Advice =
        "The primary handler follows redirects, and would carry the signature to another target: set its AllowAutoRedirect to false before it sends anything.";

    public static HttpMessageHandler? Of(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler { InnerHandler: var inner })
        {
            handler = inner;
        }

        return handler;
    }

    /// <summary>Whether it follows redirects by itself; of a handler that is not the framework's nothing is known.</summary>
    public static bool FollowsRedirects(HttpMessageHandler? primary) =>
        primary is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true };

    /// <summary>Has it follow no redirects.</summary>
    /// <exception cref="InvalidOperationException">It has sent something already.</exception>
    public static void StopFollowing(HttpMessageHandler? primary)
    {
        // Set only where it must be: the property of a handler that has sent something cannot be set.
        if (!FollowsRedirects(primary))
        {
            return;
        }

        try
        {
            if (primary is SocketsHttpHandler sockets)
            {
                sockets.AllowAutoRedirect = false;
            }
            else
            {
                ((HttpClientHandler)primary!).AllowAutoRedirect = false;
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(Advice, exception);
        }
    }
}
