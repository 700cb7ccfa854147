using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>What was last seen of a registry file.</summary>
/// <param name="Stamp">The stamp taken before it was read; null if it was not there.</param>
/// <param name="IsSettled">Whether a later change must show in the stamp.</param>
/// <param name="File">Its content; null if it was malformed.</param>
internal sealed record RegistrySnapshot(FileStamp? Stamp, bool IsSettled, RegistryFile? File);
