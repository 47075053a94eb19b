// SPDX-License-Identifier: GPL-3.0
pragma solidity =0.7.6;
pragma abicoder v2;

/// The least that a pool takes for a token.
contract Token {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        require(balanceOf[msg.sender] >= value);
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        return true;
    }
}

interface IPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function liquidity() external view returns (uint128);
    function feeGrowthGlobal0X128() external view returns (uint256);
    function feeGrowthGlobal1X128() external view returns (uint256);
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);
    function mint(address, int24, int24, uint128, bytes calldata) external returns (uint256, uint256);
    function swap(address, bool, int256, uint160, bytes calldata) external returns (int256, int256);
}

/// Provides the liquidity of the workload, and swaps in one call as often as requested.
contract SwapLoop {
    struct State {
        uint160 sqrtPriceX96;
        int24 tick;
        uint128 liquidity;
        uint256 feeGrowthGlobal0X128;
        uint256 feeGrowthGlobal1X128;
    }

    IPool private immutable pool;
    Token private immutable token0;
    Token private immutable token1;

    constructor(IPool pool_) {
        pool = pool_;
        token0 = Token(pool_.token0());
        token1 = Token(pool_.token1());
    }

    function provide(int24 lower, int24 upper, uint128 amount) external {
        pool.mint(address(this), lower, upper, amount, '');
    }

    /// The rule of bench-spec.json.
    function run(uint256 n, uint256 seed, uint256 base0, uint256 base1)
        external returns (int256 sum, State memory end)
    {
        for (uint256 i = 0; i < n; i++) {
            seed = uint256(uint64(seed * 6364136223846793005 + 1442695040888963407));
            bool down = (seed >> 40) & 1 == 0;
            uint256 amount = 1 + ((down ? base0 : base1) * ((seed >> 41) & 0xffff)) / 65536;
            (int256 amount0, int256 amount1) = pool.swap(address(this), down, int256(amount),
                down ? 4295128740 : 1461446703485210103287273052203988822378723970341, '');
            sum += down ? amount1 : amount0;
        }
        (end.sqrtPriceX96, end.tick,,,,,) = pool.slot0();
        end.liquidity = pool.liquidity();
        end.feeGrowthGlobal0X128 = pool.feeGrowthGlobal0X128();
        end.feeGrowthGlobal1X128 = pool.feeGrowthGlobal1X128();
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata) external {
        token0.transfer(msg.sender, owed0);
        token1.transfer(msg.sender, owed1);
    }

    function uniswapV3SwapCallback(int256 owed0, int256 owed1, bytes calldata) external {
        if (owed0 > 0) token0.transfer(msg.sender, uint256(owed0));
        if (owed1 > 0) token1.transfer(msg.sender, uint256(owed1));
    }
}
