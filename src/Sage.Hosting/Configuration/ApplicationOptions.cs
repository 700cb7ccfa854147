namespace Sage.Hosting;

/// <summary>The application behind a host: what its agent is asked over sessions goes there.</summary>
internal sealed class ApplicationOptions
{
    /// <summary>The http or https URL that decrypted messages are posted to, on this machine or a private network; without one the host answers with what it was sent.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How long the application may take for one message.</summary>
    [DurationRange("00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
