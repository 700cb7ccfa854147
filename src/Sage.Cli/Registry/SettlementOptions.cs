using System.CommandLine;

namespace Sage.Cli;

/// <summary>The options that say what a node must show before it is believed.</summary>
internal sealed class SettlementOptions
{
    private const int DefaultMaxAge = 300;
    private const int GreatestMaxAge = 86_400;
    private const int MostConfirmations = 1_000_000;

    public Option<int> Confirmations { get; } = new("--confirmations")
    {
        Description = "How many blocks must follow one that counts, for a chain that calls no block final. [default: the chain's own finality]",
        HelpName = "N",
        CustomParser = NumberArgument.Between(1, MostConfirmations),
    };

    public Option<int> MaxAge { get; } = new("--max-age")
    {
        Description = "The greatest age of the newest block, in seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => DefaultMaxAge,
        CustomParser = NumberArgument.Between(1, GreatestMaxAge),
    };

    public void AddTo(Command command)
    {
        command.Add(Confirmations);
        command.Add(MaxAge);
    }

    public int? ReadConfirmations(ParseResult parsed) => parsed.GetResult(Confirmations) is null ? null : parsed.GetValue(Confirmations);

    public TimeSpan ReadMaxAge(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(MaxAge));
}
