using System.Text;
using Microsoft.Extensions.Options;

namespace Sage.Crypto;

/// <summary>Refuses options that cannot work, naming each by its key and saying what to do.</summary>
internal sealed class SageOptionsValidator(SageRegistration registration) : IValidateOptions<SageOptions>
{
    private const int MaximumDidSize = 256;

    public ValidateOptionsResult Validate(string? name, SageOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        if (options.Did is { } did && (string.IsNullOrWhiteSpace(did) || Encoding.UTF8.GetByteCount(did) > MaximumDidSize))
        {
            result.AddError($"'{registration.Key("Did")}' must be a DID of at most {MaximumDidSize} bytes; remove it if this process has none.");
        }

        ValidateKeyStore(options.KeyStore, result);
        return result.Build();
    }

    private void ValidateKeyStore(SageKeyStoreOptions keyStore, ValidateOptionsResultBuilder result)
    {
        string path = registration.Key("KeyStore:Path");
        string file = registration.Key("KeyStore:PassphraseFile");
        string variable = registration.Key("KeyStore:PassphraseVariable");
        RefuseEmpty(path, keyStore.Path, result);
        RefuseEmpty(file, keyStore.PassphraseFile, result);
        RefuseEmpty(variable, keyStore.PassphraseVariable, result);
        bool hasFile = keyStore.PassphraseFile is not null;
        bool hasVariable = keyStore.PassphraseVariable is not null;
        if (keyStore.Path is null && (hasFile || hasVariable))
        {
            result.AddError($"'{path}' is missing: a passphrase is configured, but not the key store file it opens.");
        }

        if (keyStore.Path is not null && hasFile == hasVariable)
        {
            result.AddError($"'{path}' needs exactly one place to read its passphrase from: set '{file}' (better) or '{variable}'.");
        }
    }

    private static void RefuseEmpty(string key, string? value, ValidateOptionsResultBuilder result)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
        {
            result.AddError($"'{key}' is empty: give it a value or remove it.");
        }
    }
}
