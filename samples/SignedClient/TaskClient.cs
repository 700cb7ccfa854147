using System.Net.Http.Json;

namespace SignedClient;

/// <summary>A client like any other: it does not know that what it sends is signed.</summary>
internal sealed class TaskClient(HttpClient http)
{
    public Task<HttpResponseMessage> AskAsync(string text) => http.PostAsJsonAsync("/tasks", new { text });
}
