using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sage.AspNetCore;

/// <summary>Finds the scheme that an endpoint means when it names none.</summary>
internal static class HttpSignatureSchemes
{
    /// <summary>The scheme with the default name, else the only one.</summary>
    /// <exception cref="InvalidOperationException">There is none, or there are several with other names.</exception>
    public static string Find(IServiceProvider services)
    {
        string[] names = Names(services);
        return FindOrNull(names) ?? throw new InvalidOperationException(names.Length == 0
            ? "There is no authentication scheme for HTTP message signatures. You must call services.AddAuthentication().AddHttpSignature()."
            : $"There are several authentication schemes for HTTP message signatures ({string.Join(", ", names)}): say which one to use by RequireHttpSignature(policy, scheme).");
    }

    /// <summary>The scheme with the default name, else the only one, else <see langword="null"/>.</summary>
    public static string? FindOrNull(IServiceProvider services) => FindOrNull(Names(services));

    private static string? FindOrNull(string[] names) =>
        names.Contains(HttpSignatureDefaults.AuthenticationScheme) ? HttpSignatureDefaults.AuthenticationScheme
        : names.Length == 1 ? names[0]
        : null;

    private static string[] Names(IServiceProvider services) =>
    [
        .. services.GetService<IOptions<AuthenticationOptions>>()?.Value.Schemes
            .Where(scheme => scheme.HandlerType == typeof(HttpSignatureHandler))
            .Select(scheme => scheme.Name) ?? [],
    ];
}
