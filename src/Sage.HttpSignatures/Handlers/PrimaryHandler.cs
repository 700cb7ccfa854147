namespace Sage.HttpSignatures;

/// <summary>The handler at the end of a chain, which sends.</summary>
internal static class PrimaryHandler
{
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

    public static void StopFollowing(HttpMessageHandler? primary)
    {
        // Set only where it must be: the property of a handler that has sent something cannot be set.
        if (!FollowsRedirects(primary))
        {
            return;
        }

        if (primary is SocketsHttpHandler sockets)
        {
            sockets.AllowAutoRedirect = false;
        }
        else
        {
            ((HttpClientHandler)primary!).AllowAutoRedirect = false;
        }
    }
}
