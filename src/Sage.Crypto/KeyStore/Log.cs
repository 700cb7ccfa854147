using Microsoft.Extensions.Logging;

namespace Sage.Crypto;

/// <summary>What the key store logs: event ids from 500. Names and key ids, never keys or passphrases.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug, "Key store '{Path}' opened with {Count} keys.")]
    public static partial void Opened(ILogger logger, string path, int count);

    [LoggerMessage(501, LogLevel.Information, "Key store '{Path}' created.")]
    public static partial void Created(ILogger logger, string path);

    [LoggerMessage(502, LogLevel.Information, "Key {KeyId} added to key store '{Path}' as '{Name}'.")]
    public static partial void Added(ILogger logger, string path, string name, KeyId keyId);

    [LoggerMessage(503, LogLevel.Information, "Key {KeyId} is now the current one of '{Name}' in key store '{Path}'.")]
    public static partial void Rotated(ILogger logger, string path, string name, KeyId keyId);

    [LoggerMessage(504, LogLevel.Information, "Key {KeyId} of '{Name}' removed from key store '{Path}'.")]
    public static partial void Removed(ILogger logger, string path, string name, KeyId keyId);

    [LoggerMessage(505, LogLevel.Information, "The passphrase of key store '{Path}' was changed.")]
    public static partial void PassphraseChanged(ILogger logger, string path);

    [LoggerMessage(506, LogLevel.Warning, "Key store '{Path}' refused: {Error}.")]
    public static partial void Refused(ILogger logger, string path, KeyStoreError error);

    [LoggerMessage(507, LogLevel.Warning, "Key store '{Path}' can be read by others than its owner; set its mode to 0600.")]
    public static partial void ReadableByOthers(ILogger logger, string path);
}
