using Microsoft.Extensions.Options;

namespace Sage.AgentHost;

internal static class Program
{
    private const int Misconfigured = 2;

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--health"])
        {
            return await HealthProbe.RunAsync(WebApplication.CreateBuilder().Configuration);
        }

        try
        {
            await using WebApplication application = await HostProgram.BuildAsync(WebApplication.CreateBuilder(args));
            await application.RunAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            foreach (string failure in exception.Failures)
            {
                await Console.Error.WriteLineAsync(failure);
            }

            return Misconfigured;
        }
    }
}
