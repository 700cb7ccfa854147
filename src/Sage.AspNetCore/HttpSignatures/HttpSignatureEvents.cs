namespace Sage.AspNetCore;

/// <summary>What the application does when a request is verified, refused or challenged.</summary>
public sealed class HttpSignatureEvents
{
    /// <summary>
    /// A signature was verified and its nonce used up. It may add claims to
    /// <see cref="Microsoft.AspNetCore.Authentication.ResultContext{TOptions}.Principal"/>, or refuse the caller by
    /// <see cref="Microsoft.AspNetCore.Authentication.ResultContext{TOptions}.Fail(string)"/>.
    /// </summary>
    public Func<HttpSignatureVerifiedContext, Task> OnSignatureVerified { get; set; } = _ => Task.CompletedTask;

    /// <summary>A signature does not count. For information only: a refused request stays refused.</summary>
    public Func<HttpSignatureFailedContext, Task> OnAuthenticationFailed { get; set; } = _ => Task.CompletedTask;

    /// <summary>A request is about to be answered with a challenge; it may write the answer itself and say so by <see cref="HttpSignatureChallengeContext.HandleResponse"/>.</summary>
    public Func<HttpSignatureChallengeContext, Task> OnChallenge { get; set; } = _ => Task.CompletedTask;
}
