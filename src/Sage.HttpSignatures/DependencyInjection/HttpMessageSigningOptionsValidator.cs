using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sage.Crypto;

namespace Sage.HttpSignatures;

/// <summary>Refuses settings with which no request could be signed, naming the client, the setting and the fix.</summary>
internal sealed class HttpMessageSigningOptionsValidator(IServiceProvider services) : IValidateOptions<HttpMessageSigningOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpMessageSigningOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        string client = string.IsNullOrEmpty(name) ? "AddHttpMessageSigning" : $"AddHttpMessageSigning of the client '{name}'";
        if (options.Policy is null)
        {
            return ValidateOptionsResult.Fail($"{client}: 'Policy' is null: leave it as it is, or give it a policy.");
        }

        if (options.Policy.KeysFromSignatureAgent && options.SignatureAgent is not { IsAbsoluteUri: true })
        {
            result.AddError($"{client}: the policy '{options.Policy.Name}' needs 'SignatureAgent': set it to the origin that serves your key directory.");
        }

        if (!Enum.IsDefined(options.Mode))
        {
            result.AddError($"{client}: 'Mode' is none of the modes: set it to Always or WhenAsked.");
        }

        if (!Enum.IsDefined(options.Digest))
        {
            result.AddError($"{client}: 'Digest' is none of the algorithms: set it to Sha256 or Sha512.");
        }

        ValidateKeyId(client, options, result);
        ValidateKey(client, options, result);
        return result.Build();
    }

    private void ValidateKeyId(string client, HttpMessageSigningOptions options, ValidateOptionsResultBuilder result)
    {
        if (options is { KeyId: not null, KeyFragment: not null })
        {
            result.AddError($"{client}: 'KeyId' and 'KeyFragment' are both set: give the whole key id, or the part after the DID.");
            return;
        }

        if (options.KeyFragment is { } fragment && (fragment.Length == 0 || fragment.Contains('#', StringComparison.Ordinal)))
        {
            result.AddError($"{client}: 'KeyFragment' is the name of the key without '#', for example 'key-1'.");
            return;
        }

        if (options.UsesThumbprint)
        {
            return;
        }

        string? keyId = options.KeyIdOf(services.GetRequiredService<IOptions<SageOptions>>().Value.Did);
        if (keyId is null)
        {
            string did = services.GetRequiredService<SageRegistration>().Key("Did");
            result.AddError($"{client}: there is no key id: set '{did}' to the DID of this agent, or 'KeyId'.");
        }
        else if (keyId.Length is 0 or > HttpMessageSigner.MaxKeyIdLength || keyId.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            result.AddError($"{client}: the key id must have between 1 and {HttpMessageSigner.MaxKeyIdLength} printable ASCII characters: set 'KeyId'.");
        }
    }

    private void ValidateKey(string client, HttpMessageSigningOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.Signer is not null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(options.KeyName))
        {
            result.AddError($"{client}: 'KeyName' is empty: give it the name of a signing key in the key store, or set 'Signer'.");
            return;
        }

        try
        {
            // Opens no file yet; what is wrong with the key itself is said when it is first used.
            services.GetRequiredService<IKeyStore>();
        }
        catch (InvalidOperationException exception)
        {
            result.AddError($"{client}: {exception.Message}");
        }
    }
}
