// Most of these tests wait for a node or another process, and each fixture has what it changes for itself. What changes the environment
// of the process is marked.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
