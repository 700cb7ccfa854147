using System.Net;

namespace SignedClient;

/// <summary>One request that is answered, and what somebody who recorded it tries with it.</summary>
internal static class Demonstration
{
    /// <returns>Whether everything came out as it should.</returns>
    public static async Task<bool> RunAsync(TaskClient tasks)
    {
        using HttpResponseMessage response = await tasks.AskAsync("water the plants");
        bool good = await ShowAsync("signed", response, HttpStatusCode.OK);

        Recording recording = await Recording.OfAsync(response.RequestMessage!);
        good &= await ShowAsync("the same again", await recording.RepeatAsync(), HttpStatusCode.Unauthorized);
        good &= await ShowAsync("changed", await recording.ChangeAsync("water", "drown", fixDigest: false), HttpStatusCode.Unauthorized);
        good &= await ShowAsync("  and its digest", await recording.ChangeAsync("water", "drown", fixDigest: true), HttpStatusCode.Unauthorized);
        good &= await ShowAsync("unsigned", await recording.StripAsync(), HttpStatusCode.Unauthorized);
        return good;
    }

    private static async Task<bool> ShowAsync(string name, HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        bool good = response.StatusCode == expected;
        Console.WriteLine($"  {name,-18}{(good ? "" : "NOT AS IT SHOULD BE: ")}{(int)response.StatusCode} {text}");
        return good;
    }
}
