using OnChainAgents;

if (args.Length > 0)
{
    Console.Error.WriteLine("usage: dotnet run --project samples/OnChainAgents");
    Console.Error.WriteLine("       starts a local Ethereum node; needs Node with npm, unless 'anvil' is named by SAGE_ANVIL");
    return 2;
}

return await Story.RunAsync() ? 0 : 1;
