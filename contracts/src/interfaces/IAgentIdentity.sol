// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title What the key registry asks of an ERC-8004 Identity Registry: ERC-721 and one question
/// @notice Answered alike by the public ERC-8004 deployments and by AgentIdentity.
interface IAgentIdentity is IERC721 {
    /// @notice Whether somebody may act for an agent.
    /// @param spender The account that wants to act.
    /// @param agentId The agent; reverts when there is none.
    /// @return Whether the account is the owner, approved for the agent, or an operator of the owner.
    function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool);
}
