namespace Sage.Hosting;

/// <summary>A setting that exists.</summary>
/// <param name="Path">Its key below <c>Sage</c>; <c>*</c> stands for the number of an entry.</param>
/// <param name="Kind">What its text must read as.</param>
/// <param name="Reloads">Whether a change counts without a restart.</param>
/// <param name="Choices">The names it can have, for the kind <see cref="ValueKind.Choice"/>.</param>
internal sealed record KnownKey(string Path, ValueKind Kind, bool Reloads = false, string[]? Choices = null)
{
    /// <summary>Whether the value refers to a secret.</summary>
    public bool IsSecret => Kind is ValueKind.SecretReference or ValueKind.UrlOrSecretReference;
}
