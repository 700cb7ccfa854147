namespace Sage.HttpSignatures.Tests.Unit.Handlers;

/// <summary>A request as it went out.</summary>
internal sealed record SentRequest(string Uri, IReadOnlyDictionary<string, string[]> Fields, byte[]? Body)
{
    public string? SignatureInput => Fields.TryGetValue("Signature-Input", out string[]? lines) ? lines.Single() : null;

    public string? Parameter(string name) =>
        SignatureInput?.Split($";{name}=\"") is [_, var rest] ? rest[..rest.IndexOf('"', StringComparison.Ordinal)] : null;
}

/// <summary>Stands where the network is: keeps what it is sent and answers as a test says.</summary>
internal sealed class CapturingHandler(Func<HttpRequestMessage, int, HttpResponseMessage>? answer = null) : HttpMessageHandler
{
    public List<SentRequest> Sent { get; } = [];

    /// <summary>Looks at each request while it is on its way.</summary>
    public Func<HttpRequestMessage, ValueTask>? Inspect { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Inspect is not null)
        {
            await Inspect(request);
        }

        byte[]? body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Dictionary<string, string[]> fields = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            .ToDictionary(field => field.Key, field => field.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
        Sent.Add(new SentRequest(request.RequestUri!.AbsoluteUri, fields, body));
        HttpResponseMessage response = answer?.Invoke(request, Sent.Count) ?? new HttpResponseMessage();
        response.RequestMessage ??= request;
        return response;
    }
}

/// <summary>A handler around others that sends the same message again, as resilience handlers do.</summary>
internal sealed class RetryHandler(int times, Action<HttpRequestMessage>? before = null) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int i = 1; i < times; i++)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            before?.Invoke(request);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
