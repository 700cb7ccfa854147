using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sage.AspNetCore;
using Sage.Crypto;
using Sage.HttpSignatures;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the key directory of Web Bot Auth.</summary>
public static class KeyDirectoryEndpointExtensions
{
    private static readonly TimeSpan UsualFreshness = TimeSpan.FromHours(1);

    /// <summary>
    /// Serves the key of the <see cref="HttpMessageSigner"/> of the application at
    /// <c>/.well-known/http-message-signatures-directory</c>, as the other overload does.
    /// </summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <returns>A builder for conventions on the endpoint.</returns>
    /// <exception cref="InvalidOperationException">There is no signer; the message says what to call.</exception>
    public static IEndpointConventionBuilder MapHttpMessageSignaturesDirectory(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        HttpMessageSigner signer = endpoints.ServiceProvider.GetService<HttpMessageSigner>() ?? throw new InvalidOperationException(
            "There is no HttpMessageSigner whose key could be published. You must call AddHttpMessageSigner on the result of AddSage, or name the signers.");
        return endpoints.MapHttpMessageSignaturesDirectory(
            [signer.Signer ?? throw new InvalidOperationException("The HttpMessageSigner signs with a shared secret, which is not published.")]);
    }

    /// <summary>
    /// Serves keys at <c>/.well-known/http-message-signatures-directory</c> (draft-meunier-webbotauth-httpsig-protocol-02), one
    /// signature by each of them on every answer. To rotate, publish the new key beside the old one for as long as caches hold
    /// the directory, then sign requests with it, then take the old one out.
    /// </summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="signers">Who signs for the keys; not secp256k1, for which HTTP message signatures have no name.</param>
    /// <param name="freshness">How long caches may hold the directory, 1 hour unless told; at most 12 hours, so that its signatures outlive it.</param>
    /// <returns>A builder for conventions on the endpoint.</returns>
    /// <exception cref="ArgumentException">There is no signer, more than <see cref="KeyDirectory.MaxKeys"/>, or one of another algorithm.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The freshness is out of range.</exception>
    public static IEndpointConventionBuilder MapHttpMessageSignaturesDirectory(
        this IEndpointRouteBuilder endpoints, IReadOnlyList<ISigner> signers, TimeSpan? freshness = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(signers);
        if (signers.Count == 0)
        {
            throw new ArgumentException("A key directory has at least one key.", nameof(signers));
        }

        TimeSpan held = freshness ?? UsualFreshness;
        ArgumentOutOfRangeException.ThrowIfLessThan(held, TimeSpan.Zero, nameof(freshness));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(held, TimeSpan.FromHours(12), nameof(freshness));
        TimeProvider clock = endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        KeyDirectory directory = new(signers.Select(signer => new DirectoryKey(signer.PublicKey)));
        HttpMessageSigner[] each = [.. signers.Select(signer => new HttpMessageSigner(signer, signer.PublicKey.Thumbprint, SignaturePolicy.KeyDirectory, timeProvider: clock))];
        RequestDelegate endpoint = new KeyDirectoryEndpoint(directory, each, held).HandleAsync;
        return endpoints.MapMethods(KeyDirectory.WellKnownPath, [HttpMethods.Get, HttpMethods.Head], endpoint).WithDisplayName("key directory");
    }
}
