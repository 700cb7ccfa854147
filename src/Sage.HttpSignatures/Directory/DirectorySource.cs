namespace Sage.HttpSignatures;

/// <summary>Fetches the keys of an agent, by one document or by two.</summary>
internal sealed class DirectorySource(DocumentFetcher documents, bool allowHttp)
{
    /// <param name="address">Whose keys.</param>
    /// <param name="known">What is known and may be asked for again, or null.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public Task<FetchedDirectory> FetchAsync(DirectoryAddress address, FetchedDirectory? known, CancellationToken cancellationToken) => address.Type switch
    {
        SignatureAgentType.Directory => FetchKeysAsync(new Uri(address.Url), AcceptedMedia.Directory, known, cancellationToken),
        SignatureAgentType.JwksUri => FetchKeysAsync(new Uri(address.Url), AcceptedMedia.KeySet, known, cancellationToken),
        _ => FetchMetadataAsync(address.Url, cancellationToken),
    };

    private async Task<FetchedDirectory> FetchKeysAsync(Uri url, AcceptedMedia accepted, FetchedDirectory? known, CancellationToken cancellationToken)
    {
        FetchedDocument document = await documents.GetAsync(url, accepted, known?.ETag, cancellationToken).ConfigureAwait(false);
        if (document.Failure is { } failure)
        {
            return FetchedDirectory.Failed(failure);
        }

        if (document.IsNotModified)
        {
            return FetchedDirectory.Of(known!.Directory!, document.Rules ?? known.Rules, document.ETag ?? known.ETag);
        }

        return KeyDirectory.TryParse(document.Body, out KeyDirectory? directory)
            ? FetchedDirectory.Of(directory, document.Rules ?? CacheRules.Unsaid, document.ETag)
            : FetchedDirectory.Failed(KeyDirectoryStatus.Invalid);
    }

    // Never conditional: that the document is unchanged says nothing about the key set it names.
    private async Task<FetchedDirectory> FetchMetadataAsync(string identifier, CancellationToken cancellationToken)
    {
        FetchedDocument document = await documents.GetAsync(new Uri(identifier), AcceptedMedia.ClientMetadata, etag: null, cancellationToken).ConfigureAwait(false);
        if (document.Failure is { } failure)
        {
            return FetchedDirectory.Failed(failure);
        }

        if (!ClientMetadata.TryParse(document.Body, identifier, allowHttp, out ClientMetadata? metadata))
        {
            return FetchedDirectory.Failed(KeyDirectoryStatus.Invalid);
        }

        if (metadata.Keys is { } keys)
        {
            return FetchedDirectory.Of(keys, document.Rules ?? CacheRules.Unsaid, etag: null);
        }

        FetchedDocument set = await documents.GetAsync(metadata.KeysUrl!, AcceptedMedia.KeySet, etag: null, cancellationToken).ConfigureAwait(false);
        if (set.Failure is { } second)
        {
            return FetchedDirectory.Failed(second);
        }

        return KeyDirectory.TryParse(set.Body, out KeyDirectory? directory)
            ? FetchedDirectory.Of(directory, (document.Rules ?? CacheRules.Unsaid).And(set.Rules ?? CacheRules.Unsaid), etag: null)
            : FetchedDirectory.Failed(KeyDirectoryStatus.Invalid);
    }
}
